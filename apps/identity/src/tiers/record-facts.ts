import type { MemberId } from '@lyceum/contracts';
import { useCase, type Tx } from '@lyceum/platform';
import { tierOf, type MemberFacts, type Tier } from './tier';

export interface FactsOfMember extends MemberFacts {
  readonly memberId: MemberId;
}

/** Keeps the facts of members, and moves those whose tier follows to be another; each move says why. */
export const recordFacts = useCase(async (tx, all: readonly FactsOfMember[]): Promise<void> => {
  const known = await lockTiers(
    tx,
    all.map(({ memberId }) => memberId),
  );
  const sorted = [...all].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  for (const facts of sorted) {
    if (!known.has(facts.memberId)) continue; // of a member that identity does not have
    const { tier, reason } = tierOf(facts);
    await write(tx, { ...facts, tier });
    const before = known.get(facts.memberId) ?? 'novice';
    if (before !== tier) await tellMove(tx, { memberId: facts.memberId, before, tier, reason });
  }
});

const lockTiers = async (
  tx: Tx,
  memberIds: readonly MemberId[],
): Promise<ReadonlyMap<MemberId, Tier | null>> => {
  const rows = await tx.db.query<{ id: MemberId; tier: Tier | null }[]>(
    `SELECT m.id, f.tier FROM member AS m LEFT JOIN member_facts AS f ON f.member_id = m.id
     WHERE m.id = ANY($1) ORDER BY m.id FOR NO KEY UPDATE OF m`,
    [memberIds],
  );
  return new Map(rows.map(({ id, tier }) => [id, tier]));
};

const write = (tx: Tx, facts: FactsOfMember & { readonly tier: Tier }): Promise<unknown> =>
  tx.db.query(
    `INSERT INTO member_facts (member_id, community_id, contributions, accepted_answers, recent_contributions,
       lessons_completed, last_active_at, tier)
     SELECT $1, community_id, $2, $3, $4, $5, $6, $7 FROM member WHERE id = $1
     ON CONFLICT (member_id) DO UPDATE SET contributions = excluded.contributions,
       accepted_answers = excluded.accepted_answers, recent_contributions = excluded.recent_contributions,
       lessons_completed = excluded.lessons_completed, last_active_at = excluded.last_active_at, tier = excluded.tier`,
    [
      facts.memberId,
      facts.contributions,
      facts.acceptedAnswers,
      facts.recentContributions,
      facts.lessonsCompleted,
      facts.lastActiveAt,
      facts.tier,
    ],
  );

const tellMove = async (
  tx: Tx,
  move: { memberId: MemberId; before: Tier; tier: Tier; reason: string },
): Promise<void> => {
  const { memberId, before, tier, reason } = move;
  await tx.db.query(
    `INSERT INTO tier_change (member_id, changed_at, from_tier, to_tier, reason) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (member_id, changed_at) DO UPDATE SET to_tier = excluded.to_tier, reason = excluded.reason`,
    [memberId, tx.now, before, tier, reason],
  );
};
