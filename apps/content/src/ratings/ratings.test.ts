import { EntitlementChanged, newId } from '@lyceum/contracts';
import { inTransaction, serviceContext } from '@lyceum/platform';
import { emitted } from '@lyceum/testing';
import {
  aForum,
  aMember,
  anArticle,
  contentWorld,
  type ContentWorld,
  type Forum,
  type Person,
} from '../content.factory';
import { recordEntitlement } from '../paywall/record-entitlement.consumer';
import { summaryOf } from './rating.type';

describe('ratings', () => {
  let world: ContentWorld;
  let forum: Forum;
  let articleId: string;
  beforeAll(async () => {
    world = await contentWorld();
  });
  beforeEach(async () => {
    world.setNow('2026-01-10T12:00:00Z');
    forum = await aForum(world.db);
    articleId = await anArticle(world.db, forum.asker);
    await world.db.query('TRUNCATE outbox');
  });
  afterAll(() => world.close());

  const rate = async (who: Person | null, input: object) => {
    const { data, codes } = await world.run<{ rate: Record<string, unknown> } | null>(
      who,
      `mutation ($input: RateInput!) { rate(input: $input) { __typename ... on UserError { code }
        ... on Rating { value text editedAt } ... on RatingTakenBack { subjectId } } }`,
      { input: { subjectId: articleId, ...input } },
    );
    return codes[0] ?? data?.rate['code'] ?? data?.rate;
  };
  const seen = async (
    type: 'Article' | 'Product',
    id: string,
    who: Person | null = forum.helper,
  ) => {
    const { data } = await world.run<{
      _entities: ({
        rating: { count: number; average: number | null };
        ratings: { edges: { node: { value: number; text: string } }[] };
      } | null)[];
    }>(
      who,
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} {
        rating { count average low high } ratings { edges { node { value text member { id } } } } } } }`,
      { of: [{ __typename: type, id }] },
    );
    const [found] = data._entities;
    return { ...found?.rating, values: found?.ratings.edges.map(({ node }) => node.value) };
  };
  const told = async () =>
    (await emitted(world.db))
      .filter(({ type }) => type === 'content.rating.recorded.v1')
      .map(({ payload }) => [payload['value'], payload['version']]);

  it('are one of each member, changed and taken back at will, and told of each time', async () => {
    expect(await rate(forum.helper, { value: 4, text: '*Good*' })).toMatchObject({
      value: 4,
      text: expect.stringContaining('<em>Good</em>') as string,
      editedAt: null,
    });
    expect(await rate(forum.helper, { value: 4, text: '*Good*' })).toMatchObject({ value: 4 });
    expect(await rate(forum.helper, { value: 2 })).toMatchObject({ value: 2, text: '' });
    expect(await rate(forum.moderator, { value: 5 })).toMatchObject({ value: 5 });
    expect(await seen('Article', articleId)).toMatchObject({
      count: 2,
      average: 3.5,
      values: [5, 2],
    });
    expect(await rate(forum.helper, {})).toEqual({
      __typename: 'RatingTakenBack',
      subjectId: articleId,
    });
    expect(await rate(forum.asker, {})).toBe('OWN_WORK');
    expect(await seen('Article', articleId)).toMatchObject({ count: 1, average: 5, values: [5] });
    expect(await told()).toEqual([
      [4, 1],
      [2, 2],
      [5, 1],
      [0, 3],
    ]);
  });

  it('are refused for one’s own work, for strangers, and where they make no sense', async () => {
    expect(await rate(forum.asker, { value: 5 })).toBe('OWN_WORK');
    expect(await rate(forum.stranger, { value: 5 })).toBe('MEMBERSHIP_REQUIRED');
    expect(await rate(null, { value: 5 })).toBe('UNAUTHENTICATED');
    expect(await rate(forum.helper, { value: 0 })).toBe('BAD_INPUT');
    expect(await rate(forum.helper, { value: 6 })).toBe('BAD_INPUT');
    expect(await rate(forum.helper, { value: 5, text: 'x'.repeat(5001) })).toBe('INVALID_CONTENT');
    expect(await rate(forum.helper, { subjectId: newId(), value: 5 })).toBe('NOTHING_TO_RATE');
    expect(await rate(forum.helper, { subjectId: 'nonsense', value: 5 })).toBe('NOTHING_TO_RATE');
    expect(await rate(forum.helper, { subjectId: forum.questionId, value: 5 })).toBe(
      'NOTHING_TO_RATE',
    );
    const inside = await aForum(world.db, { visibility: 'private' });
    const hidden = await anArticle(world.db, inside.asker);
    expect(await rate(forum.helper, { subjectId: hidden, value: 5 })).toBe('NOTHING_TO_RATE');
    await rate(inside.helper, { subjectId: hidden, value: 5 });
    expect(await seen('Article', hidden)).toEqual({ values: undefined });
    expect(await told()).toHaveLength(1);
  });

  it('of what is paid for are by those who bought it, of products as of articles', async () => {
    const [productId, seller] = [newId<'Product'>(), forum.moderator];
    await world.db.query(`UPDATE article SET access = 'paid' WHERE id = $1`, [articleId]);
    expect(await rate(forum.helper, { value: 5 })).toBe('NOT_OWNED');
    expect(await rate(forum.helper, { subjectId: productId, value: 5 })).toBe('NOTHING_TO_RATE');
    const own = (of: Person, version = 1, status: 'active' | 'revoked' = 'active') => ({
      ...{ id: newId<'Event'>(), type: EntitlementChanged.name, requestId: 'test' },
      occurredAt: '2026-01-09T00:00:00Z',
      payload: {
        ...{
          entitlementId: of.memberId as never,
          accountId: of.accountId,
          productId,
          version,
          status,
        },
        ...{ communityId: forum.communityId, sellerId: seller.memberId },
        grants: [{ type: 'article' as const, id: articleId }],
        ...{ startsAt: '2026-01-09T00:00:00Z', endsAt: null },
      },
    });
    await inTransaction(serviceContext(world.deps, 'test'), (tx) =>
      recordEntitlement.handle(tx, [own(forum.helper), own(seller)]),
    );
    expect(await rate(forum.helper, { value: 4 })).toMatchObject({ value: 4 });
    expect(await rate(forum.helper, { subjectId: productId, value: 3 })).toMatchObject({
      value: 3,
    });
    expect(await rate(seller, { subjectId: productId, value: 5 })).toBe('OWN_WORK');
    const other = await aMember(world.db, forum.communityId);
    expect(await rate(other, { subjectId: productId, value: 5 })).toBe('NOT_OWNED');
    expect(await seen('Product', productId)).toMatchObject({ count: 1, average: 3, values: [3] });
    await inTransaction(serviceContext(world.deps, 'test'), (tx) =>
      recordEntitlement.handle(tx, [own(forum.helper, 2, 'revoked')]),
    );
    expect(await rate(forum.helper, { subjectId: productId, value: 1 })).toBe('NOT_OWNED');
  });

  it('of one member are one, however many are sent at once', async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => rate(forum.helper, { value: (i % 5) + 1 })),
    );
    expect(await seen('Article', articleId)).toMatchObject({ count: 1 });
    const versions = (await told()).map(([, version]) => version);
    expect(versions).toEqual(versions.map((_, i) => i + 1));
  });
});

describe('the interval of an average', () => {
  it.each([
    [1, 5, 2, 5],
    [1, 1, 1, 4],
    [4, 4, 2.2, 4.9],
    [400, 4, 3.8, 4.2],
  ])('of %i ratings of %d on the average reaches from %d to %d', (count, average, low, high) => {
    const summary = summaryOf({ count, sum: count * average });
    expect(summary.average).toBe(average);
    expect(Math.abs((summary.low ?? 0) - low)).toBeLessThan(0.2);
    expect(Math.abs((summary.high ?? 0) - high)).toBeLessThan(0.2);
  });

  it('is unknown without ratings', () => {
    expect(summaryOf({ count: 0, sum: 0 })).toEqual({
      count: 0,
      average: null,
      low: null,
      high: null,
    });
  });
});
