import { z } from 'zod';
import { defineJob, type AnyJob } from '../job';

const hour = 60 * 60 * 1_000;
/**
 * An event that its producer still has in its outbox may come again. Producers send again what was not acknowledged
 * after seconds; a month covers one that was away for its whole vacation.
 */
const keptMs = 30 * 24 * hour;
const atOnce = 10_000;

/** Forgets which events were consumed a month ago and longer; without it the inbox would grow for ever. */
export const forgetInbox = (app: string): AnyJob =>
  defineJob({
    name: `${app}.forget-inbox`,
    input: z.object({}),
    attempts: 3,
    timeoutMs: 10 * 60_000,
    concurrency: 1,
    everyMs: 6 * hour,
    async run({ deps, signal }) {
      const before = new Date(deps.now().getTime() - keptMs);
      for (let forgotten = atOnce; forgotten === atOnce && !signal.aborted;) {
        [, forgotten] = await deps.dataSource.query<[unknown, number]>(
          `DELETE FROM inbox WHERE ctid = ANY (ARRAY(
             SELECT ctid FROM inbox WHERE consumed_at < $1 LIMIT ${String(atOnce)}))`,
          [before],
        );
      }
    },
  });
