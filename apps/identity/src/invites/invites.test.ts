import type { CommunityId } from '@lyceum/contracts';
import { serviceContext } from '@lyceum/platform';
import { emitted } from '@lyceum/testing';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';
import { creditInviters } from './credit-inviters.job';
import { normalisedEmail } from './normalised-email';

describe('invites', () => {
  let world: IdentityWorld;
  let owner: Person;
  let communityId: CommunityId;
  /** Members who have written something, as content would say. */
  const authors = new Set<string>();
  beforeAll(async () => {
    world = await identityWorld();
    const query = (_: string, { variables }: { variables: Record<string, unknown> }) =>
      Promise.resolve({
        internalAuthors: (variables['memberIds'] as string[]).filter((id) => authors.has(id)),
      } as never);
    Object.assign(world.deps, { graph: { query } }); // the same deps: contexts have them too
  });
  beforeEach(async () => {
    world.setNow('2026-01-01T00:00:00Z');
    owner = await world.person();
    ({ id: communityId } = await world.community(owner, { visibility: 'PRIVATE' }));
    await world.db.query('TRUNCATE outbox, invite_use, invite');
  });
  afterAll(() => world.close());

  type Outcome = Record<string, unknown>;
  const run = async (name: string, input: object, who: Person): Promise<Outcome> => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const fields =
      name === 'redeemInvite' ? '... on Member { id status }' : '... on Invite { id code uses }';
    const { data, codes } = await world.ask<Record<string, Outcome | undefined>>(
      `mutation ($input: ${type}!) { ${name}(input: $input) { __typename ... on UserError { code_: code } ${fields} } }`,
      { input },
      who,
    );
    return data[name] ?? { code_: codes[0] };
  };
  const create = async (more: object = {}, who = owner) =>
    (await run('createInvite', { communityId, maxUses: 10, ...more }, who)) as {
      id: string;
      code: string;
      code_?: string;
    };
  const redeem = (code: string, who: Person) => run('redeemInvite', { code }, who);
  const setEmail = (who: Person, email: string) =>
    world.db.query('UPDATE account SET email = $2, email_verified_at = now() WHERE id = $1', [
      who.id,
      email,
    ]);

  it('of 50 people who use one for ten at once, let in exactly ten', async () => {
    const { code } = await create();
    const people = await Promise.all(Array.from({ length: 50 }, () => world.person()));
    const outcomes = await Promise.all(people.map((person) => redeem(code, person)));
    expect(outcomes.filter(({ __typename }) => __typename === 'Member')).toHaveLength(10);
    expect(outcomes.filter((o) => o['code_'] === 'INVITE_USED_UP')).toHaveLength(40);
    const rows = await world.db.query<object[]>(
      `SELECT uses, (SELECT count(*)::int FROM invite_use) AS known,
         (SELECT member_count FROM community WHERE id = $1) AS members FROM invite`,
      [communityId],
    );
    expect(rows).toEqual([{ uses: 10, known: 10, members: 11 }]);
  });

  it('used by one person many times at once is one use', async () => {
    const { code } = await create();
    const person = await world.person();
    await Promise.all(Array.from({ length: 10 }, () => redeem(code, person)));
    expect(await world.db.query('SELECT uses FROM invite')).toEqual([{ uses: 1 }]);
  });

  it('end, are revoked, and are not guessed', async () => {
    const { id, code } = await create();
    const person = await world.person();
    expect(await redeem('nonsense-code', person)).toMatchObject({ code_: 'INVITE_NOT_FOUND' });
    expect(await redeem('%', person)).toMatchObject({ code_: 'INVITE_NOT_FOUND' });
    expect(await run('revokeInvite', { inviteId: id }, person)).toEqual({ code_: 'FORBIDDEN' });
    await run('revokeInvite', { inviteId: id }, owner);
    expect(await redeem(code, person)).toMatchObject({ code_: 'INVITE_NOT_FOUND' });
    const other = await create();
    await world.db.query(`UPDATE invite SET expires_at = '2026-01-01T00:00:00Z'`);
    expect(await redeem(other.code, person)).toMatchObject({ code_: 'INVITE_EXPIRED' });
  });

  it('are not for oneself, with whatever address, nor for who is banned', async () => {
    const { id } = await world.community(owner);
    const inviter = await world.person();
    const twin = await world.person();
    await world.member(inviter, id);
    await setEmail(inviter, 'Ada.Lovelace@gmail.com');
    await setEmail(twin, 'adalovelace+2@googlemail.com');
    const { code } = await create({ communityId: id }, inviter);
    expect(await redeem(code, twin)).toMatchObject({ code_: 'OWN_INVITE' });
    const banned = await world.person();
    await world.member(banned, id, { status: 'banned' });
    expect(await redeem(code, banned)).toMatchObject({ code_: 'MEMBER_BANNED' });
    expect(await world.db.query('SELECT uses FROM invite')).toEqual([{ uses: 0 }]);
  });

  it('to what not everyone may join are made by trusted roles', async () => {
    const made: Record<string, unknown> = {};
    for (const role of [
      'admin',
      'moderator',
      'expert',
      'lecturer',
      'contributor',
      'analyst',
      'member',
    ] as const) {
      const person = await world.person();
      await world.member(person, communityId, { role });
      made[role] = (await create({}, person)).code_ ?? 'made';
    }
    expect(made).toEqual({
      admin: 'made',
      moderator: 'made',
      expert: 'made',
      lecturer: 'made',
      contributor: 'made',
      analyst: 'FORBIDDEN',
      member: 'FORBIDDEN',
    });
    const member = await world.person();
    const { id } = await world.community(owner);
    await world.member(member, id);
    expect(await create({ communityId: id }, member)).toHaveProperty('code');
    for (const more of [{ maxUses: 0 }, { maxUses: 10_001 }, { daysValid: 0 }, { daysValid: 366 }])
      expect(await create(more)).toEqual({ code_: 'BAD_INPUT' });
  });

  it('are seen by who made them, and by those who manage', async () => {
    const expert = await world.person();
    await world.member(expert, communityId, { role: 'expert' });
    const { id } = await create({}, expert);
    await create();
    const seen = async (who: Person) => {
      const { data, codes } = await world.ask<{ invites?: { edges: { node: { id: string } }[] } }>(
        'query ($communityId: ID!) { invites(communityId: $communityId) { edges { node { id } } } }',
        { communityId },
        who,
      );
      return data.invites?.edges.map(({ node }) => node.id) ?? codes;
    };
    expect(await seen(expert)).toEqual([id]);
    expect(await seen(owner)).toHaveLength(2);
    expect(await seen(await world.person())).toEqual(['FORBIDDEN']);
  });

  describe('credit the inviter', () => {
    const credit = () =>
      creditInviters.run(
        {
          deps: world.deps,
          ctx: serviceContext(world.deps, 'job'),
          signal: new AbortController().signal,
        },
        {},
      );
    const credited = async () =>
      (await emitted(world.db)).filter(({ type }) => type === 'identity.referral.activated.v1');
    const activated = () =>
      world.db.query<unknown[]>('SELECT FROM invite_use WHERE activated_at IS NOT NULL');

    it('once, when the invited person has a verified address and has written something', async () => {
      const { code } = await create();
      const person = await world.person();
      const { id } = await redeem(code, person);
      await credit();
      authors.add(id as string);
      await credit();
      expect(await activated()).toHaveLength(0);
      await setEmail(person, 'new@example.org');
      await Promise.all([credit(), credit(), credit()]);
      await credit();
      expect(await activated()).toHaveLength(1);
      expect(await credited()).toHaveLength(1);
    });

    it('never for who left again or came back', async () => {
      const { code } = await create();
      const person = await world.person();
      const memberId = await world.member(person, communityId, { status: 'left' });
      authors.add(memberId);
      await setEmail(person, 'back@example.org');
      await redeem(code, person);
      await credit();
      expect(await activated()).toHaveLength(0);
    });
  });

  it.each([
    ['Ada@Example.org', 'ada@example.org'],
    ['ada+news@example.org', 'ada@example.org'],
    ['a.d.a+x+y@GoogleMail.com', 'ada@gmail.com'],
    ['a.da@example.org', 'a.da@example.org'],
  ])('%s is the mailbox %s', (address, mailbox) => {
    expect(normalisedEmail(address)).toBe(mailbox);
  });
});
