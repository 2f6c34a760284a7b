import { countStatements } from '@lyceum/testing';
import { identityWorld, type IdentityWorld, type Person } from './identity-world.factory';

/** What a page costs must not grow with its length: the same statements for 2 as for 60. */
describe('the number of SQL statements', () => {
  let world: IdentityWorld;
  let viewer: Person;
  const communityIds: string[] = [];
  const memberIds: string[] = [];
  const accountIds: string[] = [];

  beforeAll(async () => {
    world = await identityWorld();
    viewer = await world.person();
    for (let n = 0; n < 60; n += 1) {
      const person = await world.person();
      const { id } = await world.community(person);
      communityIds.push(id);
      accountIds.push(person.id);
      memberIds.push(await world.member(viewer, id));
    }
    await world.db.query(
      `INSERT INTO member (id, account_id, community_id, joined_at)
       SELECT gen_random_uuid(), a.id, c.id, now() FROM account a, community c
       WHERE c.id = $1 ON CONFLICT DO NOTHING`,
      [communityIds[0]],
    );
  });
  afterAll(() => world.close());

  const statementsOf = async (
    query: string,
    variables: Record<string, unknown>,
  ): Promise<number> => {
    const statements = countStatements(world.deps);
    const { codes } = await world.ask(query, variables, viewer);
    const ran = statements.stop();
    expect(codes).toEqual([]);
    return ran.length;
  };
  const memberFields = `id handle displayName role community { slug memberCount } account { id handle links }`;
  const representations = (type: string, ids: readonly string[]) => ({
    r: ids.map((id) => ({ __typename: type, id })),
  });

  const pages: Record<string, [number, (size: number) => [string, Record<string, unknown>]]> = {
    'communities with members and the viewer’s own': [
      6,
      (first) => [
        `query ($first: Int!) { communities(first: $first) { edges { node { slug memberCount
           viewerMember { ${memberFields} } members(first: 3) { edges { node { ${memberFields} } } } } } } }`,
        { first },
      ],
    ],
    'members of a community': [
      4,
      (first) => [
        `query ($id: ID!, $first: Int!) { community(id: $id) { members(first: $first) { edges { node { ${memberFields} } } } } }`,
        { id: communityIds[0], first },
      ],
    ],
    'memberships of members’ accounts': [
      4,
      (first) => [
        `query ($id: ID!, $first: Int!) { community(id: $id) { members(first: $first) { edges { node {
           account { memberships(first: 5) { edges { node { handle } } } } } } } } }`,
        { id: communityIds[0], first },
      ],
    ],
    'Member by reference': [
      3,
      (size) => [
        `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Member { ${memberFields} } } }`,
        representations('Member', memberIds.slice(0, size)),
      ],
    ],
    'Community by reference': [
      1,
      (size) => [
        `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Community { slug memberCount } } }`,
        representations('Community', communityIds.slice(0, size)),
      ],
    ],
    'Account by reference': [
      1,
      (size) => [
        `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Account { handle } } }`,
        representations('Account', accountIds.slice(0, size)),
      ],
    ],
  };

  it.each(Object.keys(pages))('of %s is bounded', async (name) => {
    const [most, page] = pages[name] ?? [0, () => ['', {}]];
    const [few, many] = [await statementsOf(...page(2)), await statementsOf(...page(60))];
    expect(Math.max(few, many)).toBeLessThanOrEqual(most);
  });

  it('grows with the shapes of pages asked for, not with the communities', async () => {
    const query = (first: number): string => `{ communities(first: ${first}) { edges { node {
      a: members(first: 1) { edges { cursor } } b: members(first: 2) { edges { cursor } } } } } }`;
    expect(await statementsOf(query(2), {})).toBe(3);
    expect(await statementsOf(query(60), {})).toBe(3);
  });
});
