import { newId } from '@lyceum/contracts';
import { serviceContext } from '@lyceum/platform';
import { contentWorld, type ContentWorld } from '../content.factory';
import { forgetKeys } from './forget-keys.job';

describe('forgetKeys', () => {
  let world: ContentWorld;
  beforeAll(async () => {
    world = await contentWorld();
  });
  afterAll(() => world.close());

  it('forgets keys after seven days, not before', async () => {
    for (const day of ['2025-12-24T23:59:59Z', '2025-12-25T00:00:00Z', '2026-01-01T00:00:00Z'])
      await world.db.query(
        `INSERT INTO idempotency_key (account_id, key, operation, request_hash, result_id, created_at)
         VALUES ($1, $2::text, 'x', 'x', $1, $2::text::timestamptz)`,
        [newId(), day],
      );
    const ctx = serviceContext(world.deps, 'test');
    await forgetKeys.run({ deps: world.deps, ctx, signal: new AbortController().signal }, {});
    const kept = await world.db.query<{ key: string }[]>(
      'SELECT key FROM idempotency_key ORDER BY key',
    );
    expect(kept.map(({ key }) => key)).toEqual(['2025-12-25T00:00:00Z', '2026-01-01T00:00:00Z']);
  });
});
