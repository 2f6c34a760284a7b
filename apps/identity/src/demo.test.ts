import { emitted } from '@lyceum/testing';
import { createDemoAccounts, demoAccounts, demoPassword } from './demo';
import { identityWorld, type IdentityWorld, type Person } from './identity-world.factory';

describe('createDemoAccounts', () => {
  let world: IdentityWorld;
  let owner: Person;
  beforeAll(async () => {
    world = await identityWorld();
    owner = await world.person();
  });
  afterAll(() => world.close());

  const rolesIn = async (communityId: string): Promise<Record<string, string>> => {
    const rows = await world.db.query<{ handle: string; role: string }[]>(
      'SELECT handle, role FROM member JOIN account ON account.id = account_id WHERE community_id = $1',
      [communityId],
    );
    return Object.fromEntries(rows.map(({ handle, role }) => [handle, role]));
  };

  it('makes accounts with fitting roles, that log in with the password that is printed', async () => {
    const { id } = await world.community(owner);
    await createDemoAccounts(world.deps, { communityId: id });
    expect(await rolesIn(id)).toEqual({
      [owner.handle]: 'owner',
      'demo-learner': 'member',
      'demo-author': 'member',
      'demo-moderator': 'moderator',
      'demo-analyst': 'analyst',
      'demo-owner': 'owner',
    });
    for (const { handle } of demoAccounts) {
      const { data } = await world.ask(
        'mutation ($input: LoginInput!) { login(input: $input) { __typename } }',
        { input: { handleOrEmail: handle, password: demoPassword } },
      );
      expect(data).toEqual({ login: { __typename: 'AuthPayload' } });
    }
  });

  it('done again changes and tells nothing, not even what was changed since', async () => {
    const { id } = await world.community(owner);
    await createDemoAccounts(world.deps, { communityId: id });
    await world.db.query(`UPDATE member SET status = 'banned' WHERE role = 'moderator'`);
    const before = await emitted(world.db);
    await createDemoAccounts(world.deps, { communityId: id });
    expect(await emitted(world.db)).toEqual(before);
  });

  it('makes nobody an owner who had a demo handle before', async () => {
    await world.db.query(`DELETE FROM member; DELETE FROM account WHERE handle LIKE 'demo-%'`);
    await world.person('Demo-Owner');
    const { id } = await world.community(owner);
    await createDemoAccounts(world.deps, { communityId: id });
    expect(await rolesIn(id)).not.toHaveProperty('Demo-Owner');
    expect(await rolesIn(id)).toHaveProperty('demo-author');
  });
});
