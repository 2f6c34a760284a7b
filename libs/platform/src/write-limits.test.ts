import { newId } from '@lyceum/contracts';
import { graphql } from 'graphql';
import { Authorized, Mutation, Query, Resolver } from 'type-graphql';
import {
  anonymous,
  buildSubgraph,
  createLocalRateLimiter,
  networkOf,
  spendWrite,
  type Actor,
} from './index';

@Resolver()
class NoteResolver {
  @Query(() => Boolean) isThere(): boolean {
    return true;
  }
  @Authorized()
  @Mutation(() => Boolean)
  write(): boolean {
    return true;
  }
}

describe('writes', () => {
  const schema = buildSubgraph({ resolvers: [NoteResolver], references: {} });
  const person = (): Actor => ({
    kind: 'user',
    accountId: newId<'Account'>(),
    sessionId: 's',
    scopes: ['*'],
  });
  const world = () => {
    const limiter = createLocalRateLimiter(() => 0);
    return async (actor: Actor, client: string | undefined, source: string) => {
      const ctx = { actor, client, spendWrite: () => spendWrite(limiter, { actor, client }) };
      const { errors } = await graphql({ schema, source, contextValue: ctx });
      return errors?.[0]?.extensions;
    };
  };
  const write = 'mutation { write }';

  it('of one account are bounded, each field of an operation counts, and reads do not', async () => {
    const ask = world();
    const [one, other] = [person(), person()];
    const twenty = `mutation { ${Array.from({ length: 20 }, (_, n) => `w${n}: write`).join(' ')} }`;
    for (let n = 0; n < 30; n += 1) expect(await ask(one, undefined, twenty)).toBeUndefined();
    expect(await ask(one, undefined, write)).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 1 });
    expect(await ask(one, undefined, '{ isThere }')).toBeUndefined();
    expect(await ask(other, undefined, write)).toBeUndefined();
  });

  it('of many accounts on one line are bounded together', async () => {
    const ask = world();
    const hundred = `mutation { ${Array.from({ length: 100 }, (_, n) => `w${n}: write`).join(' ')} }`;
    for (let n = 0; n < 30; n += 1)
      expect(await ask(person(), '192.0.2.1', hundred)).toBeUndefined();
    expect(await ask(person(), '192.0.2.1', write)).toMatchObject({ code: 'RATE_LIMITED' });
    expect(await ask(person(), '192.0.2.2', write)).toBeUndefined();
    for (let n = 0; n < 40; n += 1)
      expect(await ask(person(), '127.0.0.1', hundred)).toBeUndefined();
  });

  it('of strangers are refused for being strangers', async () => {
    expect(await world()(anonymous, undefined, write)).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001::1', '2001:db8:1:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::', 'fe80:0:0:0::/64'],
])('%s is on the line %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
