import { newId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import {
  aComment,
  aForum,
  aMember,
  anArticle,
  aQuestion,
  contentWorld,
  type ContentWorld,
  type Forum,
  type Person,
} from '../content.factory';

const mutation = `mutation ($input: VoteInput!) {
  vote(input: $input) {
    __typename
    ... on Vote { value score target { __typename ... on Question { id score viewerVote } ... on Answer { id score } } }
    ... on UserError { code }
  }
}`;

interface Voted {
  readonly vote: {
    readonly __typename: string;
    readonly code?: string;
    readonly value?: string;
    readonly score?: number;
    readonly target?: unknown;
  };
}

describe('vote', () => {
  let world: ContentWorld;
  let forum: Forum;
  beforeAll(async () => {
    world = await contentWorld();
  });
  beforeEach(async () => {
    await world.db.query('TRUNCATE outbox');
    forum = await aForum(world.db);
  });
  afterAll(() => world.close());

  const vote = async (person: Person | null, targetId: string, value: string) =>
    world.run<Voted>(person, mutation, { input: { targetId, value } });
  const scoreOf = async (table: string, id: string) => {
    const [row] = await world.db.query<{ score: number }[]>(
      `SELECT score FROM ${table} WHERE id = $1`,
      [id],
    );
    return row?.score;
  };

  it('counts, and tells', async () => {
    const { data } = await vote(forum.helper, forum.questionId, 'UP');

    expect(data.vote).toEqual({
      __typename: 'Vote',
      value: 'UP',
      score: 1,
      target: { __typename: 'Question', id: forum.questionId, score: 1, viewerVote: 'UP' },
    });
    expect(await emitted(world.db)).toMatchObject([
      {
        type: 'content.vote.recorded.v1',
        payload: {
          communityId: forum.communityId,
          version: 1,
          value: 1,
          targetType: 'question',
          targetId: forum.questionId,
          targetAuthorId: forum.asker.memberId,
          voterId: forum.helper.memberId,
          earnsPoints: true,
        },
      },
    ]);
  });

  it('is one a member: changed, withdrawn and cast again, each a further version', async () => {
    for (const value of ['UP', 'DOWN', 'NONE', 'UP'])
      await vote(forum.asker, forum.answerId, value);

    expect(await scoreOf('answer', forum.answerId)).toBe(1);
    const events = await emitted(world.db);
    expect(events.map(({ payload }) => [payload['version'], payload['value']])).toEqual([
      [1, 1],
      [2, -1],
      [3, 0],
      [4, 1],
    ]);
    expect(new Set(events.map(({ payload }) => payload['voteId'])).size).toBe(1);
  });

  it('repeated, or withdrawn without having been cast, changes and tells nothing', async () => {
    expect((await vote(forum.helper, forum.questionId, 'NONE')).data.vote).toMatchObject({
      score: 0,
    });
    expect(await emitted(world.db)).toEqual([]);

    await vote(forum.helper, forum.questionId, 'UP');
    expect((await vote(forum.helper, forum.questionId, 'UP')).data.vote).toMatchObject({
      score: 1,
    });
    expect(await emitted(world.db)).toHaveLength(1);
  });

  it('can be on a comment and on an article too', async () => {
    const articleId = await anArticle(world.db, forum.asker);
    const commentId = await aComment(world.db, forum.asker, { type: 'article', id: articleId });

    await vote(forum.helper, articleId, 'UP');
    await vote(forum.helper, commentId, 'UP');

    expect([await scoreOf('article', articleId), await scoreOf('comment', commentId)]).toEqual([
      1, 1,
    ]);
    expect((await emitted(world.db)).map(({ payload }) => payload['targetType'])).toEqual([
      'article',
      'comment',
    ]);
  });

  it('earns nothing from the UTC day on which the community took the post over', async () => {
    const at = (communityOwnedAt: string) =>
      aQuestion(world.db, forum.asker, { communityOwnedAt: new Date(communityOwnedAt) });
    world.setNow('2026-01-01T08:00:00Z');
    for (const day of ['2026-01-02T00:00:00Z', '2026-01-01T23:00:00Z', '2025-12-31T00:00:00Z'])
      await vote(forum.helper, await at(day), 'UP');

    const earns = (await emitted(world.db)).map(({ payload }) => payload['earnsPoints']);
    expect(earns).toEqual([true, false, false]);
  });

  it('is exact when 50 members vote at once', async () => {
    const voters = await Promise.all(
      Array.from({ length: 50 }, () => aMember(world.db, forum.communityId)),
    );
    const replies = await Promise.all(
      voters.map((voter, n) => vote(voter, forum.questionId, n % 5 === 0 ? 'DOWN' : 'UP')),
    );

    expect(replies.every(({ data }) => data.vote.__typename === 'Vote')).toBe(true);
    expect(await scoreOf('question', forum.questionId)).toBe(30);
    expect(await emitted(world.db)).toHaveLength(50);
  });

  it('is one, when one member votes 50 times at once', async () => {
    const values = Array.from(
      { length: 50 },
      (_, n) => (['UP', 'DOWN', 'NONE'] as const)[n % 3] ?? 'UP',
    );
    await Promise.all(values.map((value) => vote(forum.helper, forum.questionId, value)));

    const votes = await world.db.query<{ value: number; version: number }[]>(
      'SELECT value, version FROM vote WHERE target_id = $1',
      [forum.questionId],
    );
    expect(votes).toHaveLength(1);
    expect(await scoreOf('question', forum.questionId)).toBe(votes[0]?.value);
    const versions = (await emitted(world.db)).map(({ payload }) => payload['version']);
    expect(versions.toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: votes[0]?.version ?? 0 }, (_, n) => n + 1),
    );
  });

  it.each<[string, string, () => [Person | null, string]]>([
    ['on an own post', 'OWN_POST', () => [forum.asker, forum.questionId]],
    ['of a non-member', 'MEMBERSHIP_REQUIRED', () => [forum.stranger, forum.questionId]],
    ['on nothing', 'POST_NOT_FOUND', () => [forum.helper, newId()]],
    ['on no id', 'POST_NOT_FOUND', () => [forum.helper, "' OR 1=1"]],
  ])('%s is refused with %s and changes nothing', async (_, code, who) => {
    const { data } = await vote(...who(), 'UP');

    expect(data.vote.code).toBe(code);
    expect(await scoreOf('question', forum.questionId)).toBe(0);
    expect(await emitted(world.db)).toEqual([]);
  });

  it('of nobody is refused', async () => {
    const { codes } = await vote(null, forum.questionId, 'UP');
    expect(codes).toEqual(['UNAUTHENTICATED']);
    expect(await emitted(world.db)).toEqual([]);
  });
});
