import {
  ArticleAccessChanged,
  EntitlementChanged,
  newId,
  type Envelope,
  type PayloadOf,
} from '@lyceum/contracts';
import { inTransaction, serviceContext } from '@lyceum/platform';
import { emitted } from '@lyceum/testing';
import fc from 'fast-check';
import {
  aForum,
  aMember,
  contentWorld,
  type ContentWorld,
  type Forum,
  type Person,
} from '../content.factory';
import { TellOfPaidArticles1750000249000 } from '../migrations/1750000249000-tell-of-paid-articles';
import { recordEntitlement } from './record-entitlement.consumer';

type Told = PayloadOf<typeof EntitlementChanged>;

const secret = 'XYZZY-the-paid-text';
const teaser = 'PLUGH-the-preview';

describe('the paywall', () => {
  let world: ContentWorld;
  let forum: Forum;
  let articleId: string;
  let reader: Person;
  beforeAll(async () => {
    world = await contentWorld();
  });
  beforeEach(async () => {
    world.setNow('2026-01-01T00:00:00Z');
    await world.db.query('TRUNCATE outbox');
    forum = await aForum(world.db);
    reader = await aMember(world.db, forum.communityId);
    const { data } = await world.run<{ publishArticle: { id: string; body: string } }>(
      forum.asker,
      `mutation ($input: PublishArticleInput!) { publishArticle(input: $input) { ... on Article { id body } } }`,
      {
        input: {
          communityId: forum.communityId,
          title: 'Ownership',
          body: `# ${secret}`,
          access: 'PAID',
          preview: teaser,
        },
      },
    );
    articleId = data.publishArticle.id;
  });
  afterAll(() => world.close());

  /** Every way in which the text of an article could leave this subgraph. */
  const everything = `query ($id: ID!, $refs: [_Any!]!) {
    article(id: $id) { ...all }
    _entities(representations: $refs) {
      ... on Article { ...all }
      ... on Community {
        articles { edges { node { ...all } } }
        pendingEdits { edges { node { bodyMarkdown target { ... on Article { ...all } } } } }
      }
      ... on Member { articles { edges { node { ...all } } } }
    }
  }
  fragment all on Article {
    id title body bodyMarkdown preview access isLocked
    revisions { edges { node { body bodyMarkdown title summary } } }
    pendingEdit { bodyMarkdown }
  }`;
  const read = async (person: Person | null): Promise<string> => {
    const refs = [
      { __typename: 'Article', id: articleId },
      { __typename: 'Community', id: forum.communityId },
      { __typename: 'Member', id: forum.asker.memberId },
    ];
    return JSON.stringify(await world.run(person, everything, { id: articleId, refs }));
  };
  const told = (change: Partial<Told> = {}): Told => ({
    entitlementId: newId<'Entitlement'>(),
    accountId: reader.accountId,
    communityId: forum.communityId,
    productId: newId<'Product'>(),
    grants: [{ type: 'article', id: articleId }],
    status: 'active',
    startsAt: '2025-12-01T00:00:00.000Z',
    endsAt: null,
    version: 1,
    ...change,
  });
  const hear = (...payloads: Told[]): Promise<void> =>
    inTransaction(serviceContext(world.deps, 'test'), (tx) =>
      recordEntitlement.handle(
        tx,
        payloads.map(
          (payload) => ({ payload, type: EntitlementChanged.name }) as unknown as Envelope,
        ),
      ),
    );

  it('shows a locked article’s title and preview to everybody, and its text to nobody without a right', async () => {
    await world.run(
      forum.asker,
      `mutation ($input: EditArticleInput!) { editArticle(input: $input) { __typename } }`,
      { input: { articleId, body: `${secret} again`, summary: 'edited' } },
    );
    await world.run(
      forum.moderator,
      `mutation ($input: SuggestEditInput!) { suggestEdit(input: $input) { __typename } }`,
      { input: { targetId: articleId, body: `${secret} suggested` } },
    );
    for (const person of [null, reader, forum.helper, forum.stranger]) {
      const answer = await read(person);
      expect(answer).toContain(teaser);
      expect(answer).toContain('"isLocked":true');
      expect(answer).not.toContain('XYZZY');
    }
    for (const person of [forum.asker, forum.moderator]) {
      const answer = await read(person);
      expect(answer).toContain('XYZZY');
      expect(answer).toContain('"isLocked":false');
    }
  });

  it('shows nothing of a suggested edit of it', async () => {
    await world.run(
      reader,
      `mutation ($input: SuggestEditInput!) { suggestEdit(input: $input) { __typename } }`,
      { input: { targetId: articleId, body: 'QUUX-suggested' } },
    );
    expect(await read(null)).not.toContain('QUUX');
    expect(await read(forum.moderator)).toContain('QUUX');
  });

  it.each<[string, () => Partial<Told>]>([
    ['bought by itself', () => ({})],
    ['opened by a membership', () => ({ grants: [{ type: 'community', id: forum.communityId }] })],
    ['bought for a time', () => ({ endsAt: '2026-01-01T00:00:01.000Z' })],
  ])('opens what is %s', async (_, change) => {
    expect(await read(reader)).not.toContain('XYZZY');
    await hear(told(change()));
    expect(await read(reader)).toContain('XYZZY');
    expect(await read(forum.helper)).not.toContain('XYZZY');
  });

  it.each<[string, () => Partial<Told>]>([
    ['is suspended', () => ({ status: 'suspended' })],
    ['is revoked', () => ({ status: 'revoked' })],
    ['has ended', () => ({ endsAt: '2026-01-01T00:00:00.000Z' })],
    ['has not begun', () => ({ startsAt: '2026-01-01T00:00:00.001Z' })],
    ['is of another article', () => ({ grants: [{ type: 'article', id: newId() }] })],
    ['is a course', () => ({ grants: [{ type: 'course', id: articleId }] })],
    ['is of another community', () => ({ communityId: newId<'Community'>() })],
    ['opens another community', () => ({ grants: [{ type: 'community', id: newId() }] })],
    ['is somebody else’s', () => ({ accountId: newId<'Account'>() })],
  ])('keeps it locked when the right %s', async (_, change) => {
    await hear(told(change()));
    expect(await read(reader)).not.toContain('XYZZY');
  });

  it('comes to the same whatever order the changes of a right arrive in, and how often', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<Told['status']>('active', 'suspended', 'revoked'), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.infiniteStream(fc.nat()),
        async (statuses, random) => {
          const entitlementId = newId<'Entitlement'>();
          const changes = statuses.map((status, i) =>
            told({ entitlementId, status, version: i + 1 }),
          );
          const delivered = [...changes, ...changes].sort(
            () => ((random.next().value ?? 0) % 2) - 0.5,
          );
          for (const change of delivered) await hear(change);
          const [row] = await world.db.query<{ status: string }[]>(
            'SELECT status FROM entitlement WHERE id = $1',
            [entitlementId],
          );
          expect(row?.status).toBe(statuses.at(-1));
        },
      ),
      { numRuns: 20 },
    );
  });

  it('is set and lifted by the author and by moderators, who are told of in order', async () => {
    const set = async (person: Person | null, input: object) => {
      const { data, codes } = await world.run<{
        setArticleAccess: { code?: string } | null;
      } | null>(
        person,
        `mutation ($input: SetArticleAccessInput!) { setArticleAccess(input: $input) {
          __typename ... on Article { access preview } ... on UserError { code } } }`,
        { input: { articleId, ...input } },
      );
      return data?.setArticleAccess?.code ?? codes[0] ?? data?.setArticleAccess;
    };
    expect(await set(reader, { access: 'FREE' })).toBe('NOT_EDITOR');
    expect(await set(forum.stranger, { access: 'FREE' })).toBe('MEMBERSHIP_REQUIRED');
    expect(await set(null, { access: 'FREE' })).toBe('UNAUTHENTICATED');
    expect(await set(forum.asker, { articleId: newId(), access: 'FREE' })).toBe('POST_NOT_FOUND');
    expect(await set(forum.asker, { access: 'FREE' })).toMatchObject({ access: 'FREE' });
    expect(await read(null)).toContain('XYZZY');
    expect(await set(forum.moderator, { access: 'PAID', preview: '*new*' })).toMatchObject({
      preview: '<p><em>new</em></p>',
    });
    expect(await read(null)).not.toContain('XYZZY');
    const events = (await emitted(world.db)).filter(({ type }) => type.includes('access-changed'));
    expect(events.map(({ payload }) => [payload['isPaid'], payload['version']])).toEqual([
      [true, 1],
      [false, 2],
      [true, 3],
    ]);
  });

  it('is told of anew by the migration: reputation hears of what was paid before it listened', async () => {
    const before = (await emitted(world.db)).find(({ type }) => type.includes('access-changed'));
    await world.db.query('TRUNCATE outbox');
    const runner = world.deps.dataSource.createQueryRunner();
    await new TellOfPaidArticles1750000249000().up(runner);
    await runner.release();
    const told = (await emitted(world.db)).filter(
      ({ payload }) => payload['articleId'] === articleId,
    );
    expect(told).toEqual([before]);
    expect(ArticleAccessChanged.payload.safeParse(told[0]?.payload).success).toBe(true);
  });
});
