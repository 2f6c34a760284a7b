import type * as Alipay from 'alipay-sdk';
import { ProviderUnavailable } from '../provider';

/** The code of an answer that is as it should be. */
export const ok = '10000';

/** China has one time zone, and Alipay's times are in it. */
export const beijingTime = (at: Date): string =>
  new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');

export const fromBeijingTime = (text: string): Date => new Date(`${text.replace(' ', 'T')}+08:00`);

/** Asks, and believes an answer only when it is signed by Alipay. */
export const ask = async (
  sdk: Alipay.AlipaySdk,
  method: string,
  request: { readonly bizContent: object; readonly notifyUrl?: string },
) => {
  try {
    return await sdk.exec(method, request, { validateSign: true });
  } catch (cause) {
    throw new ProviderUnavailable('Alipay does not answer', { cause });
  }
};
