import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Origin } from '../caller';
import type { Settings } from '../options';

const maxUserAgentLength = 300;

/**
 * Where a request comes from. Of `X-Forwarded-For` only what proxies of our own have added is believed: each adds
 * the address it was asked from at the end, and clients write at the front whatever they like.
 */
export const originOf = (
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  { options }: Pick<Settings, 'options'>,
): Origin => {
  const { trustedProxies = 0 } = options;
  const direct = plainAddress(socket.remoteAddress ?? '');
  const forwarded = headers['x-forwarded-for'];
  const hops = String(forwarded ?? '')
    .split(',')
    .map((hop) => plainAddress(hop.trim()))
    .filter((hop) => hop !== '');
  const behind = trustedProxies === 0 ? undefined : hops.at(-Math.min(trustedProxies, hops.length));
  const address = behind !== undefined && isIP(behind) !== 0 ? behind : direct;
  return { address, userAgent: headers['user-agent']?.slice(0, maxUserAgentLength) };
};

/** IPv4 as such, also when the socket speaks IPv6. */
const plainAddress = (address: string): string =>
  address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
