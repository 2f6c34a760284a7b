import type { IncomingMessage } from 'node:http';
import { aWorld, ask, type World } from '../testing/world';
import { originOf } from './origin';

const from = (remoteAddress: string, forwarded?: string, trustedProxies?: number): string =>
  originOf(
    {
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
      socket: { remoteAddress } as IncomingMessage['socket'], // all that is read
    },
    { options: { trustedProxies } as never },
  ).address;

describe('where a request comes from', () => {
  it.each([
    ['the socket, without proxies', '192.0.2.1', undefined, 0, '192.0.2.1'],
    ['the socket, whatever a client claims', '192.0.2.1', '203.0.113.9', 0, '192.0.2.1'],
    ['IPv4 as such', '::ffff:192.0.2.1', undefined, 0, '192.0.2.1'],
    ['what our proxy saw', '10.0.0.1', '203.0.113.9', 1, '203.0.113.9'],
    ['not what was claimed before it', '10.0.0.1', '6.6.6.6, 203.0.113.9', 1, '203.0.113.9'],
    ['behind two proxies', '10.0.0.1', '6.6.6.6, 203.0.113.9, 10.0.0.2', 2, '203.0.113.9'],
    ['the first hop, when there are fewer', '10.0.0.1', '203.0.113.9', 3, '203.0.113.9'],
    ['the socket, when the hop is no address', '10.0.0.1', 'evil" x', 1, '10.0.0.1'],
    ['the socket, when no proxy was passed', '192.0.2.1', undefined, 1, '192.0.2.1'],
    ['IPv6', '10.0.0.1', '2001:db8::1', 1, '2001:db8::1'],
  ])('is %s', (_, socket, forwarded, proxies, address) => {
    expect(from(socket, forwarded, proxies)).toBe(address);
  });

  it('is told to subgraphs, with what the client says it is; clients cannot say it themselves', async () => {
    const world: World = await aWorld();
    const headers = { 'x-lyceum-client': '6.6.6.6', 'user-agent': `me${'e'.repeat(400)}` };
    await ask(world.url, '{ leaders { id } }', { headers });
    expect(world.reputation.calls.at(-1)?.headers).toMatchObject({
      'x-lyceum-client': '127.0.0.1',
      'x-lyceum-user-agent': `me${'e'.repeat(298)}`,
    });
    await world.close();
  });
});
