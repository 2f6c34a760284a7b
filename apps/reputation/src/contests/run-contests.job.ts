import { defineJob, useCase } from '@lyceum/platform';
import { z } from 'zod';
import { selectContests } from './contest.queries';
import { callOff, decideContest, moveContest } from './end-contest';

/** Opens, closes and decides contests when it is time; two runs at once share the work. */
export const runContests = defineJob({
  name: 'reputation.run-contests',
  input: z.object({}),
  attempts: 3,
  timeoutMs: 300_000,
  concurrency: 1,
  everyMs: 60_000,
  run: async ({ ctx, signal }) => {
    while (!signal.aborted && (await moveNextContest(ctx, undefined)));
  },
});

/**
 * One contest one step on; false when none is due. What was announced opens when there is something to win, and is
 * called off when that has not come by the time it would close.
 */
export const moveNextContest = useCase(async (tx): Promise<boolean> => {
  const [due] = await selectContests(
    tx.db,
    `announced_at IS NOT NULL AND ((status = 'draft' AND opens_at <= $1 AND (budget + stake > 0 OR closes_at <= $1))
       OR (status = 'open' AND closes_at <= $1) OR (status = 'judging' AND decides_at <= $1))
     ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`,
    [tx.now],
  );
  if (due === undefined) return false;
  const isFunded = due.budget > 0n || due.stake > 0;
  if (due.status === 'judging') await decideContest(tx, due);
  else if (due.status === 'open') await moveContest(tx, due, 'judging');
  else if (isFunded) await moveContest(tx, due, 'open');
  else await callOff(tx, due, 'There was nothing to win when it closed.');
  return true;
});
