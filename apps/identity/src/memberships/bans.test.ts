import type { CommunityId, MemberId } from '@lyceum/contracts';
import { serviceContext } from '@lyceum/platform';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';
import { endBans } from './end-bans.job';

describe('bans with a reason and an end', () => {
  let world: IdentityWorld;
  let owner: Person;
  let person: Person;
  let memberId: MemberId;
  let communityId: CommunityId;
  beforeAll(async () => {
    world = await identityWorld();
  });
  beforeEach(async () => {
    world.setNow('2026-01-01T00:00:00Z');
    owner = await world.person();
    person = await world.person();
    ({ id: communityId } = await world.community(owner));
    memberId = await world.member(person, communityId);
  });
  afterAll(() => world.close());

  const ban = async (more: object, name = 'banMember') => {
    const { data, codes } = await world.ask<Record<string, object | undefined>>(
      `mutation ($input: BanMemberInput!) { ${name}(input: $input) { ... on Member { status ban { reason endsAt } } } }`,
      { input: { memberId, ...more } },
      owner,
    );
    return data[name] ?? { code: codes[0] };
  };
  const endDue = () =>
    endBans.run(
      {
        deps: world.deps,
        ctx: serviceContext(world.deps, 'job'),
        signal: new AbortController().signal,
      },
      {},
    );
  const status = async () =>
    (
      await world.db.query<{ status: string }[]>('SELECT status FROM member WHERE id = $1', [
        memberId,
      ])
    )[0]?.status;
  const lastAct = async () =>
    (
      await world.db.query<object[]>(
        `SELECT e.action, e.actor_kind AS "actorKind", e.details, n.text FROM audit_entry AS e
         LEFT JOIN audit_note AS n ON n.entry_id = e.id WHERE e.community_id = $1 ORDER BY position DESC LIMIT 1`,
        [communityId],
      )
    )[0];

  it('end by the clock, not before, and the log says that nobody lifted it', async () => {
    const endsAt = '2026-01-01T00:05:00.000Z';
    expect(await ban({ reason: 'spam', endsAt })).toEqual({
      status: 'BANNED',
      ban: { reason: 'spam', endsAt },
    });
    expect(await lastAct()).toMatchObject({ action: 'member.banned', text: 'spam' });
    await endDue();
    expect(await status()).toBe('banned');
    world.setNow(endsAt);
    await endDue();
    await endDue();
    expect(await status()).toBe('left');
    expect(await lastAct()).toMatchObject({
      action: 'member.ban-lifted',
      actorKind: 'service',
      details: { by: 'time' },
    });
  });

  it('that are over do not keep out who comes before the job', async () => {
    await ban({ endsAt: '2026-01-01T00:05:00Z' });
    const join = async () =>
      (
        await world.ask<{ joinCommunity: object }>(
          `mutation ($input: JoinCommunityInput!) { joinCommunity(input: $input) { ... on Member { status } ... on UserError { code } } }`,
          { input: { communityId } },
          person,
        )
      ).data.joinCommunity;
    expect(await join()).toEqual({ code: 'MEMBER_BANNED' });
    world.setNow('2026-01-01T00:05:00Z');
    expect(await join()).toEqual({ status: 'ACTIVE' });
  });

  it('without an end stay, and those of before have no row', async () => {
    await ban({});
    world.setNow('2027-01-01T00:00:00Z');
    await endDue();
    expect(await status()).toBe('banned');
    world.setNow('2026-01-01T00:00:00Z');
    expect(await ban({ reason: 'sorry' }, 'liftBan')).toMatchObject({ status: 'LEFT', ban: null });
    expect(await lastAct()).toMatchObject({ text: 'sorry', details: { by: 'decision' } });
  });

  it('are seen by who is banned and by who could lift them, by nobody else', async () => {
    await ban({ reason: 'spam' });
    const moderator = await world.person();
    await world.member(moderator, communityId, { role: 'moderator' });
    const member = await world.person();
    await world.member(member, communityId);
    const see = async (who: Person | null) =>
      (
        await world.ask<{ member: { ban: object | null } }>(
          'query ($id: ID!) { member(id: $id) { ban { reason } } }',
          { id: memberId },
          who,
        )
      ).data.member.ban;
    expect(await see(person)).toEqual({ reason: 'spam' });
    expect(await see(moderator)).toEqual({ reason: 'spam' });
    expect(await see(member)).toBeNull();
    expect(await see(null)).toBeNull();
  });

  it.each([{ endsAt: '2026-01-01T00:00:00Z' }, { reason: 'x'.repeat(1_001) }])(
    'are refused with %j',
    async (input) => {
      expect(await ban(input)).toEqual({ code: 'BAD_INPUT' });
      expect(await status()).toBe('active');
    },
  );
});
