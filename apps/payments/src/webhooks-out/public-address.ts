import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Addresses inside of this network, or that mean this machine: nobody may have the platform knock at them. */
const inside = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(network, bits, 'ipv6');

export const isPublicAddress = (address: string): boolean => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  const family = isIP(plain);
  return family !== 0 && !inside.check(plain, family === 6 ? 'ipv6' : 'ipv4');
};

/** Whether a message may be sent there at all: HTTPS, a name or a public address, no password in it. */
export const isPublicUrl = (text: string): boolean => {
  if (!URL.canParse(text) || text.length > 2_000) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (protocol !== 'https:' || username !== '' || password !== '') return false;
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0
    ? host.includes('.') && !/\.(local|internal|localhost)$/i.test(host)
    : isPublicAddress(host);
};

/** Looks a name up, and finds no address inside: at the time of the connection, whatever the name said before. */
export const lookupOutside: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const outside = error === null ? found.filter(({ address }) => isPublicAddress(address)) : [];
    const [first] = outside;
    if (first === undefined) callback(error ?? new Error('no public address'), '', 4);
    else if (options.all === true) callback(null, outside);
    else callback(null, first.address, first.family);
  });
};
