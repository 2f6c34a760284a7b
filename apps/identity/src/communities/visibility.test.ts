import { CommunityChanged, type CommunityId, type MemberId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';

/** A private community is there for its active members only, by whatever road one comes. */
describe('a private community', () => {
  let world: IdentityWorld;
  let id: CommunityId;
  let slug: string;
  let ownerMember: MemberId;
  const people: Record<string, Person | null> = { nobody: null };

  beforeAll(async () => {
    world = await identityWorld();
    const owner = (people['owner'] = await world.person());
    ({ id, slug } = await world.community(owner, { visibility: 'PRIVATE', name: 'Hidden' }));
    for (const name of ['member', 'stranger', 'left', 'banned'] as const) {
      const person = (people[name] = await world.person(name));
      if (name === 'member') await world.member(person, id);
      if (name === 'left' || name === 'banned') await world.member(person, id, { status: name });
    }
    const rows = await world.db.query<
      {
        id: MemberId;
      }[]
    >('SELECT id FROM member WHERE account_id = $1', [owner.id]);
    ownerMember = rows[0]?.id as MemberId; // the owner is a member since the founding
  });
  afterAll(() => world.close());

  const roads: Record<string, () => [string, Record<string, unknown>]> = {
    'community(id)': () => ['query ($id: ID!) { community(id: $id) { name } }', { id }],
    'community(slug)': () => [
      'query ($slug: String!) { community(slug: $slug) { name } }',
      { slug },
    ],
    communities: () => ['{ communities { edges { node { name } } } }', {}],
    'communities(search)': () => [
      '{ communities(search: "hidden") { edges { node { name } } } }',
      {},
    ],
    'member(id)': () => [
      'query ($id: ID!) { member(id: $id) { handle community { name } } }',
      { id: ownerMember },
    ],
    'account.memberships': () => [
      'query ($id: ID!) { account(id: $id) { memberships { edges { node { community { name } } } } } }',
      { id: people['owner']?.id },
    ],
    '_entities Community': () => [
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Community { name memberCount } } }',
      { r: [{ __typename: 'Community', id }] },
    ],
    '_entities Member': () => [
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Member { handle community { name } } } }',
      { r: [{ __typename: 'Member', id: ownerMember }] },
    ],
  };
  const isSeen = async (road: string, who: Person | null | undefined): Promise<boolean> => {
    const [query, variables] = roads[road]?.() ?? ['', {}];
    const answer = await world.ask(query, variables, who ?? null);
    expect(answer.codes).toEqual([]);
    const text = JSON.stringify(answer.data);
    return text.includes('Hidden') || text.includes(String(people['owner']?.handle));
  };

  it.each(Object.keys(roads))('is seen by %s by its members, and by no one else', async (road) => {
    const seen: Record<string, boolean> = {};
    for (const [name, person] of Object.entries(people)) seen[name] = await isSeen(road, person);
    expect(seen).toEqual({
      owner: true,
      member: true,
      nobody: false,
      stranger: false,
      left: false,
      banned: false,
    });
  });

  it.each(['joinCommunity', 'leaveCommunity'])(
    'is not there for a stranger that would %s',
    async (name) => {
      const type = name.charAt(0).toUpperCase() + name.slice(1);
      const { data } = await world.ask(
        `mutation ($input: ${type}Input!) { ${name}(input: $input) { ... on UserError { code } } }`,
        { input: { communityId: id } },
        people['stranger'],
      );
      expect(data[name]).toEqual({ code: 'COMMUNITY_NOT_FOUND' });
    },
  );

  it('can be left, and then is not seen any more', async () => {
    const leaver = await world.person();
    await world.member(leaver, id);
    const { data, codes } = await world.ask(
      `mutation ($input: LeaveCommunityInput!) { leaveCommunity(input: $input) {
        ... on Member { status community { name } } } }`,
      { input: { communityId: id } },
      leaver,
    );
    expect({ data, codes }).toEqual({
      data: { leaveCommunity: { status: 'LEFT', community: null } },
      codes: [],
    });
  });
});

describe('changeCommunityVisibility', () => {
  let world: IdentityWorld;
  beforeAll(async () => {
    world = await identityWorld();
  });
  afterAll(() => world.close());

  const change = async (who: Person, communityId: CommunityId, visibility: string) =>
    (
      await world.ask<{ changeCommunityVisibility: object | null }>(
        `mutation ($input: ChangeVisibilityInput!) { changeCommunityVisibility(input: $input) {
          __typename ... on Community { visibility } ... on UserError { code } } }`,
        { input: { communityId, visibility, reason: 'Exams.' } },
        who,
      )
    ).data.changeCommunityVisibility;
  const seen = async (id: CommunityId) =>
    (
      await world.ask<{ community: object | null }>(
        'query ($id: ID!) { community(id: $id) { name } }',
        { id },
      )
    ).data.community;
  const told = async (id: CommunityId) =>
    (await emitted(world.db))
      .filter(
        ({ type, payload }) => type === CommunityChanged.name && payload['communityId'] === id,
      )
      .map(({ payload: { version, visibility, timeZone } }) => ({ version, visibility, timeZone }));

  it('hides and shows a community at once, tells the others, and is in the log', async () => {
    const owner = await world.person();
    const { id } = await world.community(owner);
    expect(await seen(id)).not.toBeNull();
    expect(await change(owner, id, 'PRIVATE')).toMatchObject({ visibility: 'PRIVATE' });
    expect(await seen(id)).toBeNull();
    expect(await change(owner, id, 'PRIVATE')).toMatchObject({ visibility: 'PRIVATE' });
    expect(await change(owner, id, 'PUBLIC')).toMatchObject({ visibility: 'PUBLIC' });
    expect(await told(id)).toEqual([
      { version: 1, visibility: 'private', timeZone: 'UTC' },
      { version: 2, visibility: 'public', timeZone: 'UTC' },
    ]);
    const log = await world.db.query(
      `SELECT details FROM audit_entry WHERE community_id = $1 AND action = 'community.visibility-changed' ORDER BY position`,
      [id],
    );
    expect(log).toEqual([
      { details: { from: 'public', to: 'private' } },
      { details: { from: 'private', to: 'public' } },
    ]);
    const stranger = await world.person();
    await change(owner, id, 'PRIVATE');
    expect(await change(stranger, id, 'PUBLIC')).toEqual({
      __typename: 'CommunityNotFound',
      code: 'COMMUNITY_NOT_FOUND',
    });
  });

  it('and updateCommunity number what they tell in one row, however many change at once', async () => {
    const owner = await world.person();
    const { id } = await world.community(owner);
    const move = (timeZone: string) =>
      world.ask(
        `mutation ($input: UpdateCommunityInput!) { updateCommunity(input: $input) { __typename ... on Community { timeZone } } }`,
        { input: { communityId: id, timeZone } },
        owner,
      );
    await Promise.all([
      ...['PRIVATE', 'LISTED', 'PUBLIC'].map((visibility) => change(owner, id, visibility)),
      ...['Asia/Shanghai', 'Europe/Paris'].map(move),
    ]);
    const versions = (await told(id)).map(({ version }) => version);
    expect(versions).toEqual(versions.map((_, n) => n + 1));
    const [row] = await world.db.query<{ version: number; zone: string; visibility: string }[]>(
      'SELECT settings_version AS version, time_zone AS zone, visibility FROM community WHERE id = $1',
      [id],
    );
    expect((await told(id)).at(-1)).toMatchObject({ version: row?.version, timeZone: row?.zone });
    expect(await move('Mars/Olympus')).toMatchObject({ codes: ['BAD_INPUT'] });
    expect(await move('UTC')).toMatchObject({ codes: ['RATE_LIMITED'] });
  });
});
