import type { CommunityId } from '@lyceum/contracts';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';

describe('requests to join', () => {
  let world: IdentityWorld;
  let owner: Person;
  let newcomer: Person;
  let communityId: CommunityId;
  beforeAll(async () => {
    world = await identityWorld();
  });
  beforeEach(async () => {
    world.setNow('2026-01-01T00:00:00Z');
    owner = await world.person();
    newcomer = await world.person();
    ({ id: communityId } = await world.community(owner, { visibility: 'LISTED' }));
  });
  afterAll(() => world.close());

  type Outcome = Record<string, unknown>;
  const run = async (name: string, input: object, who: Person): Promise<Outcome> => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const { data, codes } = await world.ask<Record<string, Outcome | undefined>>(
      `mutation ($input: ${type}!) { ${name}(input: $input) { __typename
        ... on UserError { code } ${name.endsWith('Community') ? '' : '... on JoinRequest { id state }'} } }`,
      { input },
      who,
    );
    return data[name] ?? { code: codes[0] };
  };
  const request = (who = newcomer, id = communityId) =>
    run('requestToJoin', { communityId: id, message: 'Please' }, who);
  const decide = (requestId: unknown, isApproved: boolean, who = owner) =>
    run('decideJoinRequest', { requestId, isApproved }, who);
  const isInside = async (who = newcomer) => {
    const { data } = await world.ask<{ community: { viewerMember: object | null } }>(
      'query ($id: ID!) { community(id: $id) { viewerMember { id } } }',
      { id: communityId },
      who,
    );
    return data.community.viewerMember !== null;
  };

  it('a listed community shows its name to all, and its members to members', async () => {
    const query = `query ($id: ID!) { community(id: $id) { name members { edges { node { handle } } } } }`;
    const { data } = await world.ask(query, { id: communityId }, newcomer);
    expect(data).toMatchObject({ community: { name: expect.any(String), members: { edges: [] } } });
    const { data: seen } = await world.ask(query, { id: communityId }, owner);
    expect(seen).toMatchObject({
      community: { members: { edges: [{ node: { handle: owner.handle } }] } },
    });
    expect(await run('joinCommunity', { communityId }, newcomer)).toMatchObject({
      code: 'APPROVAL_REQUIRED',
    });
  });

  it('lets in who is approved, once', async () => {
    const { id, state } = await request();
    expect(state).toBe('PENDING');
    expect(await request()).toMatchObject({ id }); // the same
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => decide(id, true)));
    expect(outcomes.filter((outcome) => outcome['state'] === 'APPROVED')).toHaveLength(1);
    expect(await isInside()).toBe(true);
    expect(await request()).toMatchObject({ code: 'NO_APPROVAL_NEEDED' });
  });

  it('asked many times at once is one request', async () => {
    await Promise.all(Array.from({ length: 10 }, () => request()));
    const rows = await world.db.query<unknown[]>(
      'SELECT FROM join_request WHERE community_id = $1',
      [communityId],
    );
    expect(rows).toHaveLength(1);
  });

  it('declined, can be asked again in a week', async () => {
    const { id } = await request();
    expect(await decide(id, false)).toMatchObject({ state: 'DECLINED' });
    expect(await isInside()).toBe(false);
    expect(await request()).toMatchObject({ code: 'DECLINED_RECENTLY' });
    await world.db.query(`UPDATE join_request SET decided_at = decided_at - interval '7 days'`);
    expect(await request()).toMatchObject({ state: 'PENDING' });
  });

  it('can be taken back by who asked alone', async () => {
    const { id } = await request();
    const other = await world.person();
    const withdraw = (who: Person) => run('withdrawJoinRequest', { requestId: id }, who);
    expect(await withdraw(other)).toMatchObject({ code: 'JOIN_REQUEST_NOT_FOUND' });
    expect(await withdraw(newcomer)).toMatchObject({ state: 'WITHDRAWN' });
    expect(await decide(id, true)).toMatchObject({ code: 'JOIN_REQUEST_NOT_FOUND' });
    expect(await isInside()).toBe(false);
  });

  it('are not for public, private and archived communities, nor for who is banned', async () => {
    const open = await world.community(owner);
    const shut = await world.community(owner, { visibility: 'PRIVATE' });
    expect(await request(newcomer, open.id)).toMatchObject({ code: 'NO_APPROVAL_NEEDED' });
    expect(await request(newcomer, shut.id)).toMatchObject({ code: 'COMMUNITY_NOT_FOUND' });
    await world.member(newcomer, communityId, { status: 'banned' });
    expect(await request()).toMatchObject({ code: 'MEMBER_BANNED' });
    await run('archiveCommunity', { communityId }, owner);
    expect(await request(await world.person())).toMatchObject({ code: 'COMMUNITY_IN_ARCHIVE' });
  });

  it('are seen by staff and by who asked', async () => {
    const { id } = await request();
    const list = `query ($communityId: ID!) { joinRequests(communityId: $communityId) { edges { node { id message account { handle } } } } }`;
    const { data } = await world.ask(list, { communityId }, owner);
    const node = { id, message: 'Please', account: { handle: newcomer.handle } };
    expect(data).toEqual({ joinRequests: { edges: [{ node }] } });
    const own = await world.ask(
      '{ myJoinRequests { edges { node { id community { name } } } } }',
      {},
      newcomer,
    );
    expect(own.data).toMatchObject({ myJoinRequests: { edges: [{ node: { id } }] } });
  });
});
