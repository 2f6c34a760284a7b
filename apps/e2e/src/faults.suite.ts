import { Client } from 'pg';
import { waitFor } from '@lyceum/testing';
import { clientOf } from './client';
import { answer, ask, foundCommunity, joined, pointsOf, vote, type Person } from './people';
import type { ScaledOut } from './system';

/** Processes that die in the middle: nothing that was answered is lost, nothing counts twice. */
export const faults = (system: () => ScaledOut): void => {
  it('answers what it can while a subgraph is down, soon, and says what is missing', async () => {
    const { url, services } = system();
    const owner = await foundCommunity(url);
    await services.kill('reputation');
    const startedAt = Date.now();

    const { data, errors } = await clientOf(url).ask<{
      community: { name: string; leaderboard: null } | null;
    }>(
      'query ($slug: String!) { community(slug: $slug) { name leaderboard(window: ALL_TIME, first: 1) { edges { cursor } } } }',
      { slug: owner.slug },
    );

    expect(Date.now() - startedAt).toBeLessThan(10_000);
    expect(errors?.[0]?.extensions.code).toBe('SUBGRAPH_UNAVAILABLE');
    expect(data?.community).toEqual({ name: `Community ${owner.slug}`, leaderboard: null });
    await services.restart('reputation');
    await waitFor(
      async () =>
        (
          await clientOf(url).ask(
            '{ communities(first: 1) { edges { node { leaderboard(window: ALL_TIME, first: 1) { edges { cursor } } } } } }',
          )
        ).errors === undefined,
    );
  }, 60_000);

  it('counts each vote once while every process and Redis is killed in turn', async () => {
    const { url, services, redis } = system();
    const owner = await foundCommunity(url);
    const author = await joined(url, 'author', owner.communityId);
    const voters = await Promise.all(
      Array.from({ length: 12 }, (_, n) => joined(url, `v${String(n)}`, owner.communityId)),
    );
    const answerId = await answer(author, await ask(owner));
    const victims = [
      'content-worker',
      'reputation-incentives',
      'redis',
      'content',
      'reputation-engagement',
      'reputation',
      'identity',
      'gateway',
    ];

    const voting = Promise.all(
      voters.map((voter, n) => voteUntilAnswered(voter, answerId, n * 700)),
    );
    for (const victim of victims) {
      if (victim === 'redis') {
        await redis.kill();
        await redis.start();
      } else {
        await services.kill(victim);
        await services.restart(victim);
      }
    }
    await voting;

    await waitFor(() => unconsumed(system()), {
      timeoutMs: 60_000,
      until: (events) => events === 0,
    });
    expect(await pointsOf(clientOf(url), author.memberId)).toBe(1 + 10 * voters.length);
    const { answers } = await scoreOf(system(), answerId);
    expect(answers).toEqual([{ score: voters.length, votes: voters.length }]);
  }, 180_000);
};

/** What a client does whose connection broke: the same again. A vote is the same vote however often it is sent. */
const voteUntilAnswered = async (
  voter: Person,
  targetId: string,
  afterMs: number,
): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  await waitFor(
    () =>
      vote(voter, targetId, 'UP').then(
        () => true,
        () => false,
      ),
    { timeoutMs: 90_000 },
  );
};

const inDatabase = async <T>(
  url: string | undefined,
  sql: string,
  values: unknown[] = [],
): Promise<T[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as T[];
  } finally {
    await client.end();
  }
};

const unconsumed = async ({ databaseUrls }: ScaledOut): Promise<number> => {
  const counts = await Promise.all(
    Object.values(databaseUrls).map((url) =>
      inDatabase<{ n: number }>(url, 'SELECT count(*)::int AS n FROM outbox'),
    ),
  );
  return counts.flat().reduce((sum, { n }) => sum + n, 0);
};

const scoreOf = async ({ databaseUrls }: ScaledOut, answerId: string) => ({
  answers: await inDatabase<{ score: number; votes: number }>(
    databaseUrls['content'],
    `SELECT score, (SELECT count(*)::int FROM vote WHERE target_id = answer.id AND value = 1) AS votes
     FROM answer WHERE id = $1`,
    [answerId],
  ),
});
