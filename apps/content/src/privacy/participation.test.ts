import {
  aComment,
  aCommunity,
  aMember,
  anAnswer,
  aQuestion,
  contentWorld,
  type ContentWorld,
} from '../content.factory';

describe('what identity is told of taking part', () => {
  let world: ContentWorld;
  beforeAll(async () => {
    world = await contentWorld();
  });
  afterAll(() => world.close());

  const ask = async (since: string, after: string | null = null) => {
    const { data, codes } = await world.run<{ internalParticipation: string } | null>(
      null,
      `query ($since: String!, $after: ID) { internalParticipation(since: $since, now: "2026-06-01T00:00:00Z", after: $after) }`,
      { since, after },
    );
    return data === null ? codes : (JSON.parse(data.internalParticipation) as object[]);
  };

  it('is totals of those who wrote since then, and who has written is known', async () => {
    const communityId = await aCommunity(world.db);
    const [old, busy, silent] = [
      await aMember(world.db, communityId),
      await aMember(world.db, communityId),
      await aMember(world.db, communityId),
    ];
    const question = await aQuestion(world.db, old, {
      createdAt: new Date('2025-01-01T00:00:00Z'),
    });
    const answer = await anAnswer(world.db, busy, { questionId: question });
    await world.db.query('UPDATE question SET accepted_answer_id = $1', [answer]);
    await world.db.query(`UPDATE answer SET created_at = '2026-05-01T00:00:00Z'`);
    await aComment(world.db, busy, { type: 'answer', id: answer });
    await world.db.query(`UPDATE comment SET created_at = '2025-06-01T00:00:00Z'`);

    expect(await ask('2026-04-01T00:00:00Z')).toEqual([
      {
        memberId: busy.memberId,
        contributions: 2,
        recentContributions: 1,
        acceptedAnswers: 1,
        lastActiveAt: '2026-05-01T00:00:00.000Z',
      },
    ]);
    expect(await ask('2020-01-01T00:00:00Z')).toHaveLength(2);
    expect(await ask('2026-04-01T00:00:00Z', busy.memberId)).toEqual([]);
    expect(await ask('nonsense')).toEqual(['BAD_INPUT']);
    const { data } = await world.run<{ internalAuthors: string[] }>(
      null,
      'query ($ids: [ID!]!) { internalAuthors(memberIds: $ids) }',
      { ids: [old, busy, silent].map(({ memberId }) => memberId) },
    );
    expect([...data.internalAuthors].sort()).toEqual([old.memberId, busy.memberId].sort());
  });
});
