import type { CommunityId, MemberId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';

const fields =
  '__typename ... on Member { id role status joinedAt community { memberCount } } ... on UserError { code }';

interface Result {
  readonly id?: string;
  readonly code?: string;
}

describe('memberships', () => {
  let world: IdentityWorld;
  let owner: Person;
  let communityId: CommunityId;
  beforeAll(async () => {
    world = await identityWorld();
  });
  beforeEach(async () => {
    await world.db.query('TRUNCATE account, community CASCADE');
    owner = await world.person();
    ({ id: communityId } = await world.community(owner));
    await world.db.query('TRUNCATE outbox');
  });
  afterAll(() => world.close());

  const act = async (
    operation: string,
    input: Record<string, unknown>,
    who: Person | null,
  ): Promise<Result> => {
    const type =
      operation.charAt(0).toUpperCase() + operation.slice(1).replace('liftBan', 'banMember');
    const inputType = operation === 'liftBan' ? 'BanMemberInput' : `${type}Input`;
    const { data, codes } = await world.ask<Record<string, Result | undefined>>(
      `mutation ($input: ${inputType}!) { ${operation}(input: $input) { ${fields} } }`,
      { input },
      who,
    );
    return data[operation] ?? { code: codes[0] as string };
  };
  const join = (who: Person | null, id: string = communityId) =>
    act('joinCommunity', { communityId: id }, who);
  const leave = (who: Person | null, id: string = communityId) =>
    act('leaveCommunity', { communityId: id }, who);
  const memberIdOf = async (person: Person): Promise<MemberId> => {
    const [row] = await world.db.query<{ id: MemberId }[]>(
      'SELECT id FROM member WHERE account_id = $1 AND community_id = $2',
      [person.id, communityId],
    );
    return row?.id as MemberId;
  };
  const count = async (): Promise<{ told: number; real: number }> => {
    const [row] = await world.db.query<{ told: number; real: number }[]>(
      `SELECT member_count AS told, (SELECT count(*)::int FROM member WHERE community_id = c.id AND status = 'active') AS real
       FROM community c WHERE id = $1`,
      [communityId],
    );
    return row ?? { told: -1, real: -2 };
  };
  const changes = async (): Promise<unknown[]> =>
    (await emitted(world.db))
      .filter(({ type }) => type === 'identity.membership.changed.v1')
      .map(({ payload }) => [payload['role'], payload['status'], payload['version']]);

  describe('joinCommunity', () => {
    it('makes a member, counts it, and tells that it joined and what it is', async () => {
      const person = await world.person();
      expect(await join(person)).toMatchObject({
        __typename: 'Member',
        role: 'MEMBER',
        status: 'ACTIVE',
        community: { memberCount: 2 },
      });
      expect((await emitted(world.db)).map(({ type }) => type)).toEqual([
        'identity.member.joined.v1',
        'identity.membership.changed.v1',
      ]);
    });

    it('twice changes and tells nothing more', async () => {
      const person = await world.person();
      const first = await join(person);
      expect(await join(person)).toEqual(first);
      expect(await emitted(world.db)).toHaveLength(2);
    });

    it('at once by many, and by one many times, counts each once', async () => {
      const people = await Promise.all(Array.from({ length: 20 }, () => world.person()));
      await Promise.all([...people, ...people].map((person) => join(person)));
      expect(await count()).toEqual({ told: 21, real: 21 });
      expect(await emitted(world.db)).toHaveLength(40);
    });

    it('again after leaving is the same member, whose version grows, and no second MemberJoined', async () => {
      const person = await world.person();
      const { id } = await join(person);
      await leave(person);
      world.setNow('2026-01-01T00:05:00Z');
      expect(await join(person)).toMatchObject({ id, joinedAt: '2026-01-01T00:00:00.000Z' });
      world.setNow('2026-01-01T00:00:00Z');
      expect(await changes()).toEqual([
        ['member', 'active', 1],
        ['member', 'left', 2],
        ['member', 'active', 3],
      ]);
      expect(
        (await emitted(world.db)).filter(({ type }) => type === 'identity.member.joined.v1'),
      ).toHaveLength(1);
    });

    it('is refused to who is banned, to nobody, and where there is no community', async () => {
      const banned = await world.person();
      await world.member(banned, communityId, { status: 'banned' });
      expect(await join(banned)).toMatchObject({ code: 'MEMBER_BANNED' });
      expect(await join(null)).toEqual({ code: 'UNAUTHENTICATED' });
      expect(await join(banned, 'nonsense')).toMatchObject({ code: 'COMMUNITY_NOT_FOUND' });
      expect(await join(banned, owner.id)).toMatchObject({ code: 'COMMUNITY_NOT_FOUND' });
      expect(await emitted(world.db)).toEqual([]);
    });
  });

  describe('leaveCommunity', () => {
    it('takes the member off the list and the role from the member', async () => {
      const admin = await world.person();
      await world.member(admin, communityId, { role: 'admin' });
      expect(await leave(admin)).toMatchObject({ status: 'LEFT', role: 'MEMBER' });
      expect(await count()).toEqual({ told: 1, real: 1 });
      expect(await changes()).toEqual([['member', 'left', 2]]);
    });

    it('is refused to the last owner, to who is no member, and to nobody', async () => {
      expect(await leave(owner)).toMatchObject({ code: 'LAST_OWNER' });
      expect(await leave(await world.person())).toMatchObject({ code: 'NOT_A_MEMBER' });
      expect(await leave(null)).toEqual({ code: 'UNAUTHENTICATED' });
      expect(await leave(owner, 'nonsense')).toMatchObject({ code: 'COMMUNITY_NOT_FOUND' });
      expect(await emitted(world.db)).toEqual([]);
    });

    it('by all owners at once leaves one of them', async () => {
      const owners = [owner];
      for (let n = 0; n < 5; n += 1) {
        const other = await world.person();
        await world.member(other, communityId, { role: 'owner' });
        owners.push(other);
      }
      const answers = await Promise.all(owners.map((person) => leave(person)));
      expect(answers.filter(({ code }) => code === 'LAST_OWNER')).toHaveLength(1);
      expect(await count()).toEqual({ told: 1, real: 1 });
    });
  });

  describe('changeRole', () => {
    it('gives every role but ownership, and tells of it', async () => {
      const other = await world.person();
      await join(other);
      const memberId = await memberIdOf(other);
      for (const role of ['ADMIN', 'EXPERT', 'LECTURER', 'CONTRIBUTOR', 'ANALYST', 'MEMBER'])
        expect(await act('changeRole', { memberId, role }, owner)).toMatchObject({ role });
      expect(await act('changeRole', { memberId, role: 'OWNER' }, owner)).toMatchObject({
        code: 'OWNERSHIP_MUST_BE_OFFERED',
      });
      expect((await changes()).map((change) => (change as string[])[0])).toEqual(
        'member admin expert lecturer contributor analyst member'.split(' '),
      );
    });

    it('to the role one has changes and tells nothing', async () => {
      const other = await world.person();
      const memberId = await world.member(other, communityId, { role: 'moderator' });
      expect(await act('changeRole', { memberId, role: 'MODERATOR' }, owner)).toMatchObject({
        role: 'MODERATOR',
      });
      expect(await emitted(world.db)).toEqual([]);
    });

    it('is refused for the last owner, for who left, for nobody known', async () => {
      const left = await world.member(await world.person(), communityId, { status: 'left' });
      const role = 'MEMBER';
      expect(
        await act('changeRole', { memberId: await memberIdOf(owner), role }, owner),
      ).toMatchObject({
        code: 'LAST_OWNER',
      });
      for (const memberId of [left, 'nonsense', owner.id])
        expect(await act('changeRole', { memberId, role: 'ADMIN' }, owner)).toMatchObject({
          code: 'MEMBER_NOT_FOUND',
        });
      expect(await emitted(world.db)).toEqual([]);
    });
  });

  describe('banMember and liftBan', () => {
    it('takes a member out and keeps it out until the ban is lifted', async () => {
      const person = await world.person();
      const memberId = await world.member(person, communityId, { role: 'moderator' });
      expect(await act('banMember', { memberId }, owner)).toMatchObject({
        status: 'BANNED',
        role: 'MEMBER',
      });
      expect(await act('banMember', { memberId }, owner)).toMatchObject({ status: 'BANNED' });
      expect(await join(person)).toMatchObject({ code: 'MEMBER_BANNED' });
      expect(await leave(person)).toMatchObject({ code: 'NOT_A_MEMBER' });
      expect(await count()).toEqual({ told: 1, real: 1 });
      expect(await act('liftBan', { memberId }, owner)).toMatchObject({ status: 'LEFT' });
      expect(await join(person)).toMatchObject({ status: 'ACTIVE' });
      expect(await changes()).toEqual([
        ['member', 'banned', 2],
        ['member', 'left', 3],
        ['member', 'active', 4],
      ]);
    });

    it('finds only members', async () => {
      for (const operation of ['banMember', 'liftBan'])
        expect(await act(operation, { memberId: 'nonsense' }, owner)).toMatchObject({
          code: 'MEMBER_NOT_FOUND',
        });
    });
  });

  describe('addMember', () => {
    it('opens a private community to an account, once', async () => {
      const { id } = await world.community(owner, { visibility: 'PRIVATE' });
      const person = await world.person('newcomer');
      const input = { communityId: id, handle: 'NEWCOMER' };
      expect(await act('addMember', input, owner)).toMatchObject({
        role: 'MEMBER',
        status: 'ACTIVE',
      });
      expect(await act('addMember', input, owner)).toMatchObject({ status: 'ACTIVE' });
      await leave(person, id);
      expect(await act('addMember', input, owner)).toMatchObject({ status: 'ACTIVE' });
    });

    it('is refused for who is banned, unknown, or in a community that is not there', async () => {
      await world.member(await world.person('out'), communityId, { status: 'banned' });
      expect(await act('addMember', { communityId, handle: 'out' }, owner)).toMatchObject({
        code: 'MEMBER_BANNED',
      });
      expect(await act('addMember', { communityId, handle: 'unknown' }, owner)).toMatchObject({
        code: 'MEMBER_NOT_FOUND',
      });
      expect(await act('addMember', { communityId: 'x', handle: 'out' }, owner)).toMatchObject({
        code: 'COMMUNITY_NOT_FOUND',
      });
    });
  });
});
