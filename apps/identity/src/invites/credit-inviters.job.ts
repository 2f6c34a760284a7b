import { ReferralActivated, type CommunityId, type MemberId } from '@lyceum/contracts';
import { defineJob, useCase, type Ctx } from '@lyceum/platform';
import { z } from 'zod';

/*
 * Who invites is credited once the invited person has become active: their address is verified and they have written
 * something. Content knows who wrote, and is asked about the few that wait; telling identity of every post would cost
 * an event each.
 */

const minute = 60_000;
const batchSize = 500;
/** Who has not become active by then does not count any more. */
const waitsForMs = 90 * 86_400_000;

interface Waiting {
  readonly id: string;
  readonly inviteId: string;
  readonly communityId: CommunityId;
  readonly memberId: MemberId;
}

const waitingUses = (ctx: Ctx, after: string | null): Promise<Waiting[]> =>
  ctx.db.query<Waiting[]>(
    `SELECT u.id, u.invite_id AS "inviteId", u.community_id AS "communityId", u.member_id AS "memberId"
     FROM invite_use AS u JOIN member AS m ON m.id = u.member_id JOIN account AS a ON a.id = m.account_id
     WHERE u.activated_at IS NULL AND u.used_at > $1 AND m.status = 'active' AND a.email_verified_at IS NOT NULL
       AND ($2::uuid IS NULL OR u.id > $2)
     ORDER BY u.id LIMIT $3`,
    [new Date(ctx.deps.now().getTime() - waitsForMs), after, batchSize],
  );

const query = `query ($memberIds: [ID!]!) { internalAuthors(memberIds: $memberIds) }`;

export const creditInviters = defineJob({
  name: 'identity.credit-inviters',
  input: z.object({}),
  attempts: 3,
  timeoutMs: minute,
  concurrency: 1,
  everyMs: 5 * minute,
  run: async ({ ctx, signal }) => {
    let after: string | null = null;
    while (!signal.aborted) {
      const waiting: readonly Waiting[] = await waitingUses(ctx, after);
      if (waiting.length === 0) return;
      const { internalAuthors } = await ctx.deps.graph.query<{ internalAuthors: string[] }>(
        'content',
        { query, variables: { memberIds: waiting.map(({ memberId }) => memberId) } },
      );
      const authors = new Set(internalAuthors);
      for (const use of waiting) if (authors.has(use.memberId)) await credit(ctx, use);
      after = waiting.at(-1)?.id ?? null;
    }
  },
});

/** The database says who was first: two runs at once credit once. */
const credit = useCase(async (tx, use: Waiting): Promise<void> => {
  const [rows] = await tx.db.query<[{ inviterId: string }[], number]>(
    'UPDATE invite_use SET activated_at = $2 WHERE id = $1 AND activated_at IS NULL RETURNING inviter_id AS "inviterId"',
    [use.id, tx.now],
  );
  const inviterId = rows[0]?.inviterId;
  if (inviterId === undefined) return;
  const [inviter] = await tx.db.query<{ id: MemberId }[]>(
    `SELECT id FROM member WHERE community_id = $1 AND account_id = $2 AND status = 'active'`,
    [use.communityId, inviterId],
  );
  if (inviter === undefined) return; // who is gone is credited nothing
  await tx.emit(ReferralActivated, {
    communityId: use.communityId,
    inviteUseId: use.id,
    inviterId: inviter.id,
    inviteeId: use.memberId,
  });
});
