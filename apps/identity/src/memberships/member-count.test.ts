import type { CommunityId } from '@lyceum/contracts';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';

describe('memberCount', () => {
  let world: IdentityWorld;
  let owner: Person;
  let communityId: CommunityId;
  beforeAll(async () => {
    world = await identityWorld();
    owner = await world.person();
    ({ id: communityId } = await world.community(owner));
  });
  afterAll(() => world.close());

  it('is right whoever writes members, however many at once', async () => {
    const { id: other } = await world.community(owner);
    await world.db.query(
      `INSERT INTO account (id, handle, display_name, created_at)
       SELECT gen_random_uuid(), 'bulk-' || n, 'Bulk', now() FROM generate_series(1, 1000) AS n`,
    );
    await world.db.query(
      `INSERT INTO member (id, account_id, community_id, status, joined_at)
       SELECT gen_random_uuid(), a.id, c.id, CASE WHEN handle LIKE '%7' THEN 'left' ELSE 'active' END, now()
       FROM account a CROSS JOIN community c WHERE handle LIKE 'bulk-%'`,
    );
    await world.db.query(
      `UPDATE member SET status = CASE WHEN status = 'left' THEN 'active' ELSE 'banned' END
       WHERE community_id = $1 AND role <> 'owner'`,
      [other],
    );
    await world.db.query(
      `DELETE FROM member WHERE community_id = $1 AND account_id IN (SELECT id FROM account WHERE handle LIKE 'bulk-%1')`,
      [communityId],
    );
    const counts = await world.db.query<{ told: number; real: number }[]>(
      `SELECT member_count AS told, (SELECT count(*)::int FROM member WHERE community_id = c.id AND status = 'active') AS real
       FROM community c ORDER BY 1`,
    );
    expect(counts.map(({ told, real }) => told - real)).toEqual([0, 0]);
    expect(counts.map(({ told }) => told)).toEqual([101, 801]);
  });
});
