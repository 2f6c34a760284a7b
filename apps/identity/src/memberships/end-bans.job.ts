import type { MemberId } from '@lyceum/contracts';
import { defineJob, useCase } from '@lyceum/platform';
import { z } from 'zod';
import { endBanInTime } from './ban-member';
import { membersWithEndedBans } from './ban.queries';
import { lockMember } from './member.writes';

const minute = 60_000;
const batchSize = 200;

/** Ends bans whose time is over; what is left waits for the next minute. */
export const endBans = defineJob({
  name: 'identity.end-bans',
  input: z.object({}),
  attempts: 3,
  timeoutMs: minute,
  concurrency: 1,
  everyMs: minute,
  run: async ({ deps, ctx, signal }) => {
    const due = await membersWithEndedBans(ctx.db, { now: deps.now(), limit: batchSize });
    for (const memberId of due) {
      if (signal.aborted) return;
      await endOne(ctx, memberId);
    }
  },
});

const endOne = useCase(async (tx, memberId: MemberId): Promise<void> => {
  const member = await lockMember(tx, memberId);
  if (member !== null) await endBanInTime(tx, member);
});
