import { newId, ViewsCounted } from '@lyceum/contracts';
import { inTransaction, serviceContext } from '@lyceum/platform';
import { testWorld, type TestWorld } from '@lyceum/testing';
import { database } from '../database';
import { recordViews } from './record-views.consumer';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld({ app: 'content', database });
});
afterAll(() => world.close());

const communityId = newId<'Community'>();

const hear = (
  told: readonly { type: 'question' | 'article' | 'answer'; id: string; views: number }[],
) =>
  inTransaction(serviceContext(world.deps, 'test'), (tx) =>
    recordViews.handle(
      tx,
      told.map(({ type, id, views }) => ({
        id: newId<'Event'>(),
        type: ViewsCounted.name,
        occurredAt: '2026-01-01T00:00:00Z',
        requestId: 'test',
        payload: { communityId, subjectType: type, subjectId: id, views },
      })),
    ),
  );

it('adds the views counted here to those that came along, in whatever order they are told', async () => {
  const [question, article] = [newId<'Question'>(), newId<'Article'>()];
  await world.db.query(
    `INSERT INTO question (id, community_id, title, body_html, created_at, last_activity_at, view_count)
     VALUES ($1, $2, 'A', 'B', now(), now(), 1000)`,
    [question, communityId],
  );
  await world.db.query(
    `INSERT INTO article (id, community_id, title, body_html, created_at) VALUES ($1, $2, 'A', 'B', now())`,
    [article, communityId],
  );
  const counts = async () => {
    const rows = await world.db.query<{ n: number }[]>(
      `SELECT view_count AS n FROM question WHERE id = $1 UNION ALL SELECT view_count FROM article WHERE id = $2`,
      [question, article],
    );
    return rows.map(({ n }) => n);
  };

  await hear([
    { type: 'question', id: question, views: 3 },
    { type: 'question', id: question, views: 2 },
    { type: 'article', id: article, views: 5 },
    { type: 'answer', id: newId(), views: 9 },
  ]);
  expect(await counts()).toEqual([1003, 5]);

  await hear([{ type: 'question', id: question, views: 1 }]);
  await hear([{ type: 'question', id: question, views: 3 }]);
  expect(await counts()).toEqual([1003, 5]);

  await hear([{ type: 'question', id: question, views: 4 }]);
  expect(await counts()).toEqual([1004, 5]);
});
