import { newId } from '@lyceum/contracts';
import { defineJob, useCase } from '@lyceum/platform';
import { z } from 'zod';
import { query } from '../sql';
import { figuresOf, monthAfter, programById, selectPrograms } from './award.queries';
import type { ProgramId } from './award.types';
import { pickWinners } from './pick-winners';

/** Proposes the awards of the month that is over; a month of a program is proposed once. */
export const proposeAwards = defineJob({
  name: 'reputation.propose-awards',
  input: z.object({}),
  attempts: 3,
  timeoutMs: 600_000,
  concurrency: 1,
  everyMs: 3_600_000,
  run: async ({ ctx, signal }) => {
    const month = lastMonth(ctx.deps.now());
    const due = await selectPrograms(
      ctx.db,
      `stopped_at IS NULL AND started_at < $2::timestamp AT TIME ZONE 'UTC'
         AND NOT EXISTS (SELECT FROM award WHERE program_id = award_program.id AND month = $1) ORDER BY id`,
      [month, monthAfter(month)],
    );
    for (const { id: programId } of due)
      if (!signal.aborted) await proposeAward(ctx, { programId, month });
  },
});

/** The first day of the month before, in UTC. */
export const lastMonth = (now: Date): string =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 10);

export const proposeAward = useCase(
  async (tx, { programId, month }: { programId: ProgramId; month: string }): Promise<void> => {
    const program = await programById(tx.db, programId);
    if (program === null || program.stoppedAt !== null) return;
    const { communityId, givenFor, amounts, excludesStaff } = program;
    const id = newId<'Award'>();
    const written = await query(
      tx.db,
      `INSERT INTO award (id, program_id, community_id, month, proposed_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING RETURNING id`,
      [id, programId, communityId, month, tx.now],
    );
    if (written.length === 0 || givenFor === 'choice') return;
    const figures = await figuresOf(tx.db, givenFor, { communityId, month });
    const winners = pickWinners(figures, {
      ...{ givenFor, excludesStaff, places: amounts.length, month },
    });
    await tx.db.query(
      `INSERT INTO award_winner (id, award_id, member_id, place, figure, reason, amount)
       SELECT id, $1, member_id, place, figure, reason, amount FROM json_to_recordset($2::json)
         AS winner (id uuid, member_id uuid, place int, figure int, reason text, amount bigint)`,
      [
        id,
        JSON.stringify(
          winners.map(({ memberId, place, ...rest }) => ({
            ...{ id: newId(), member_id: memberId, place, ...rest },
            amount: program.giftId === null ? amounts[place - 1] : null,
          })),
        ),
      ],
    );
  },
);
