import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Keys for one purpose each, all made of the one secret that an operator keeps. The database alone, without
 * it, gives away no token that was mailed and no second factor.
 */
export interface Secret {
  /** 43 characters that only who has the secret can make of this text; always the same ones. */
  tokenOf(purpose: string, text: string): string;
  seal(purpose: string, text: string): string;
  /** Throws when the text was not sealed for this purpose, or has been changed. */
  unseal(purpose: string, sealed: string): string;
}

export const createSecret = (secret: string): Secret => {
  const keys = new Map<string, Buffer>();
  const keyFor = (purpose: string): Buffer => {
    const known = keys.get(purpose);
    if (known !== undefined) return known;
    const key = Buffer.from(hkdfSync('sha256', secret, 'lyceum identity', purpose, 32));
    keys.set(purpose, key);
    return key;
  };
  return {
    tokenOf: (purpose, text) =>
      createHmac('sha256', keyFor(purpose)).update(text).digest('base64url'),
    seal(purpose, text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', keyFor(purpose), nonce);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    unseal(purpose, sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', keyFor(purpose), bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
    },
  };
};

/** For processes that were given none: building a schema needs none, using an account's secrets does. */
export const noSecret: Secret = {
  tokenOf: () => missing(),
  seal: () => missing(),
  unseal: () => missing(),
};

const missing = (): never => {
  throw new Error('this process was not given the secret of identity');
};
