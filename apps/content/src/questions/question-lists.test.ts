import { newId, type CommunityId, type QuestionId } from '@lyceum/contracts';
import { toCursor } from '@lyceum/platform';
import { countStatements } from '@lyceum/testing';
import {
  aComment,
  aCommunity,
  aMember,
  anAnswer,
  aQuestion,
  contentWorld,
  type ContentWorld,
  type Person,
} from '../content.factory';

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const list = `query ($of: [_Any!]!, $first: Int!, $after: String, $orderBy: QuestionOrder!, $tag: String, $search: String) {
  _entities(representations: $of) { ... on Community {
    questions(first: $first, after: $after, orderBy: $orderBy, tag: $tag, search: $search) {
      edges { cursor node { id } } pageInfo { hasNextPage endCursor } } } }
}`;

describe('the questions of a community', () => {
  let world: ContentWorld;
  let communityId: CommunityId;
  let members: readonly Person[];

  beforeAll(async () => {
    world = await contentWorld();
    communityId = await aCommunity(world.db);
    members = await Promise.all(Array.from({ length: 30 }, () => aMember(world.db, communityId)));
    await world.db.query(
      `INSERT INTO tag (id, community_id, name, question_count, created_at) VALUES ($1, $2, 'even', 60, now())`,
      [newId(), communityId],
    );
    for (let n = 0; n < 120; n += 1) await addQuestion(n);
  }, 60_000);
  afterAll(() => world.close());

  /** Ties in every order, and all kinds of things around each question. */
  const addQuestion = async (n: number): Promise<void> => {
    const [asker, helper] = [members[n % 30], members[(n + 7) % 30]];
    if (asker === undefined || helper === undefined) throw new Error('there are 30');
    const questionId = await aQuestion(world.db, asker, {
      score: (n * 7) % 11,
      createdAt: new Date(Date.UTC(2025, 5, 1 + Math.floor(n / 3))),
    });
    if (n % 3 === 0) {
      const answerId = await anAnswer(world.db, helper, { questionId });
      await world.db.query(
        'UPDATE question SET accepted_answer_id = $2, last_activity_at = $3 WHERE id = $1',
        [questionId, answerId, new Date(Date.UTC(2025, 10, 1 + (n % 20)))],
      );
      await aComment(world.db, asker, { type: 'answer', id: answerId });
    }
    if (n % 2 === 0)
      await world.db.query(
        `INSERT INTO question_tag (question_id, tag_id) SELECT $1, id FROM tag WHERE name = 'even'`,
        [questionId],
      );
  };

  const page = async (variables: Record<string, unknown>, id: CommunityId = communityId) => {
    const { data, errors, codes } = await world.run<{ _entities: [{ questions: Page }] }>(
      null,
      list,
      { first: 20, orderBy: 'HOT', of: [{ __typename: 'Community', id }], ...variables },
    );
    return { questions: data._entities[0].questions, errors, codes };
  };
  const whole = async (variables: Record<string, unknown>): Promise<string[]> => {
    const ids: string[] = [];
    for (let after: string | null = null; ;) {
      const { questions }: { questions: Page } = await page({ ...variables, after });
      ids.push(...questions.edges.map(({ node }) => node.id));
      if (!questions.pageInfo.hasNextPage) return ids;
      after = questions.pageInfo.endCursor;
    }
  };
  const truth = async (order: string, where = 'true'): Promise<string[]> => {
    const rows = await world.db.query<{ id: string }[]>(
      `SELECT id FROM question WHERE community_id = $1 AND ${where} ORDER BY ${order} DESC, id DESC`,
      [communityId],
    );
    return rows.map(({ id }) => id);
  };

  it.each([
    ['HOT', 'heat', 'true'],
    ['NEW', 'created_at', 'true'],
    ['SCORE', 'score', 'true'],
    ['ACTIVE', 'last_activity_at', 'true'],
    ['UNANSWERED', 'created_at', 'answer_count = 0'],
  ])('come in the order %s, page by page, each once', async (orderBy, column, where) => {
    for (const first of [7, 100])
      expect(await whole({ orderBy, first })).toEqual(await truth(column, where));
  });

  it('can be those with a tag, however it is spelt', async () => {
    const tagged = `id IN (SELECT question_id FROM question_tag)`;
    expect(await whole({ orderBy: 'HOT', first: 11, tag: ' EVEN' })).toEqual(
      await truth('heat', tagged),
    );
    for (const tag of ['odd', '<script>', '']) expect(await whole({ tag })).toEqual([]);
  });

  it('can be those whose titles have all the words, in any language and case, whatever the words are', async () => {
    const elsewhere = { communityId: await aCommunity(world.db), memberId: null };
    const titles = [
      'How to sort a Map<string>?',
      '如何学习机器学习',
      '100% of C++_17',
      'A map of C',
    ];
    const [sort, learn, percent, map] = await Promise.all(
      titles.map((title) => aQuestion(world.db, elsewhere, { title })),
    );
    const found = async (search: string) => {
      const { questions } = await page({ search, orderBy: 'NEW' }, elsewhere.communityId);
      return questions.edges.map(({ node }) => node.id).toSorted();
    };
    expect(await found('MAP')).toEqual([sort, map].toSorted());
    expect(await found(' map   SORT ')).toEqual([sort]);
    expect(await found('机器')).toEqual([learn]);
    for (const literally of ['100%', 'c++_', '% c'])
      expect(await found(literally)).toEqual([percent]);
    for (const nothing of ['\\', "' OR 1=1", 'x'.repeat(10_000)])
      expect(await found(nothing)).toEqual([]);
    expect(await found(' ')).toHaveLength(4);
    expect((await page({ search: 'a\u0000' }, elsewhere.communityId)).codes).toEqual(['BAD_INPUT']);
  });

  it('stay where they are in a page while the list grows', async () => {
    const first = await page({ orderBy: 'NEW', first: 10 });
    await aQuestion(world.db, members[0] ?? { communityId, memberId: null }, {
      createdAt: new Date('2025-12-31'),
    });
    const next = await page({
      orderBy: 'NEW',
      first: 10,
      after: first.questions.pageInfo.endCursor,
    });
    const all = await truth('created_at');
    expect(next.questions.edges.map(({ node }) => node.id)).toEqual(all.slice(11, 21));
    await world.db.query(`DELETE FROM question WHERE created_at = '2025-12-31'`);
  });

  it.each([0, -1, 101, 100_000])('refuse first: %d', async (first) => {
    const { codes, questions } = await page({ first });
    expect(codes).toEqual(['BAD_INPUT']);
    expect(questions).toBeNull();
  });

  it('refuse cursors of other lists, and made-up ones', async () => {
    const other = await aCommunity(world.db);
    const own = `questions NEW ${communityId}`;
    const cursors = [
      (await page({ orderBy: 'SCORE' })).questions.pageInfo.endCursor,
      (await page({ orderBy: 'NEW', tag: 'even' })).questions.pageInfo.endCursor,
      toCursor(`questions NEW ${other}`, ['2025-06-01T00:00:00.000Z', newId()]),
      toCursor(own, ['2025-06-01T00:00:00.000Z', 'no id']),
      toCursor(own, ['yesterday', newId()]),
      toCursor(own, ['9999-99-99T99:99:99Z', newId()]),
      toCursor(own, [5, newId()]),
      toCursor(own, ['2025-06-01T00:00:00.000Z']),
      toCursor(own, []),
      '',
      'x',
      'null',
    ];
    for (const after of cursors) {
      const { codes } = await page({ orderBy: 'NEW', after });
      expect([after, codes]).toEqual([after, ['BAD_INPUT']]);
    }
    for (const score of [1e300, 2 ** 31, 0.5, '1'])
      expect(
        (
          await page({
            orderBy: 'SCORE',
            after: toCursor(`questions SCORE ${communityId}`, [score, newId()]),
          })
        ).codes,
      ).toEqual(['BAD_INPUT']);
  });

  it('cost the same number of statements, however many they are', async () => {
    const front = `query ($of: [_Any!]!, $first: Int!) {
      _entities(representations: $of) { ... on Community {
        questions(first: $first, orderBy: HOT) { edges { cursor node { id title body score answerCount viewCount createdAt
          viewerVote isViewerFavourite tags { name } author { id } community { id }
          answers(first: 3) { edges { node { id score viewerVote isAccepted author { id } question { id }
            comments(first: 5) { edges { node { body author { id } viewerVote } } } } } }
          comments(first: 3) { edges { node { body } } }
          acceptedAnswer { id score author { id } } duplicateOf { id } linkedQuestions(first: 3) { edges { node { id } } }
          openBounty { amount } pendingEdit { summary } revisions(first: 2) { edges { node { number } } } } }
          pageInfo { endCursor hasNextPage } }
        tags { edges { node { name questionCount } } }
        articles { edges { node { title } } } } }
    }`;
    const viewer = members[0] ?? null;
    const statements = async (first: number, communities = 1): Promise<readonly string[]> => {
      const of = Array.from({ length: communities }, () => ({
        __typename: 'Community',
        id: communityId,
      }));
      const counter = countStatements(world.deps);
      const { errors } = await world.run(viewer, front, { of, first });
      expect(errors).toEqual([]);
      return counter.stop();
    };
    const [few, many, twice] = [
      await statements(5),
      await statements(100),
      await statements(100, 2),
    ];
    expect(many.length).toBe(few.length);
    expect(twice.length).toBe(few.length);
    expect(few.length).toBeLessThanOrEqual(20);
  });

  it('of several communities are one statement, and each has its own', async () => {
    const others = [await aCommunity(world.db), await aCommunity(world.db)];
    const own = await Promise.all(
      others.map((id) => aQuestion(world.db, { communityId: id, memberId: null })),
    );
    const of = others.map((id) => ({ __typename: 'Community', id }));
    const counter = countStatements(world.deps);
    const { data } = await world.run<{ _entities: { questions: Page }[] }>(null, list, {
      of,
      first: 5,
      orderBy: 'NEW',
    });
    expect(counter.stop()).toHaveLength(2); // who may see what, and the pages
    expect(data._entities.map(({ questions }) => questions.edges[0]?.node.id)).toEqual(own);
  });

  it.each(['heat', 'created_at', 'score', 'last_activity_at'])(
    'are read from the index on %s, without sorting them all',
    async (column) => {
      const index = {
        heat: 'hot',
        created_at: 'newest',
        score: 'score',
        last_activity_at: 'active',
      }[column];
      await world.db.query('ANALYZE question');
      const plan = await world.db.transaction(async (db) => {
        // As for a table that is not this small, whatever the server thinks its pages cost.
        await db.query('SET LOCAL enable_seqscan = off');
        await db.query('SET LOCAL enable_bitmapscan = off');
        return db.query<{ 'QUERY PLAN': string }[]>(
          `EXPLAIN SELECT t.* FROM unnest($1::uuid[]) AS owner (id) CROSS JOIN LATERAL (
             SELECT t.* FROM question AS t WHERE t.community_id = owner.id
               AND (t.${column}, t.id) < ((SELECT ${column} FROM question LIMIT 1), $2::uuid)
             ORDER BY t.${column} DESC, t.id DESC LIMIT 21) AS t`,
          [[communityId], newId<'Question'>()],
        );
      });
      const text = plan.map((line) => line['QUERY PLAN']).join('\n');
      expect(text).toContain(`Index Scan Backward using question_${index ?? ''}`);
      expect(text).not.toContain('Sort');
    },
  );

  it('are as hot as the formula says, whatever changes', async () => {
    const id: QuestionId = await aQuestion(
      world.db,
      { communityId, memberId: null },
      {
        createdAt: new Date('2025-06-01T00:00:00Z'),
      },
    );
    const heat = async (): Promise<number> => {
      const [row] = await world.db.query<{ heat: number }[]>(
        'SELECT heat FROM question WHERE id = $1',
        [id],
      );
      return row?.heat ?? NaN;
    };
    const born = Date.UTC(2025, 5, 1) / 1000 / 45_000;
    expect(await heat()).toBeCloseTo(born, 9);
    await world.db.query(
      'UPDATE question SET score = 9, answer_count = 99, heat = 0 WHERE id = $1',
      [id],
    );
    expect(await heat()).toBeCloseTo(born + 1 + 1, 9);
    await world.db.query('UPDATE question SET score = -9, answer_count = 0 WHERE id = $1', [id]);
    expect(await heat()).toBeCloseTo(born - 1, 9);
    await world.db.query('DELETE FROM question WHERE id = $1', [id]);
  });
});
