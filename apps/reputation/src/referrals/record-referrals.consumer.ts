import {
  isEvent,
  MemberReferred,
  OrderPaid,
  OrderRefunded,
  ReferralActivated,
  ReferralRefused,
  type CommunityId,
  type Envelope,
} from '@lyceum/contracts';
import { consume, type Tx } from '@lyceum/platform';
import { settleReferrals } from './settle-referrals';

/**
 * Keeps what is told of those whom members brought, and has what counts of it told. Each fact is kept by itself, so
 * it does not matter in which order they come, nor how often.
 */
export const recordReferrals = consume({
  name: 'reputation.record-referrals',
  destination: 'reputation-incentives',
  types: [MemberReferred, ReferralActivated, OrderPaid, OrderRefunded, ReferralRefused],
  handle: async (tx, events) => {
    const facts = events.flatMap(factsOf);
    if (facts.length === 0) return;
    await takeTurns(
      tx,
      facts.map(({ communityId }) => communityId),
    );
    await keepReferrals(
      tx,
      facts.flatMap(({ referral }) => referral ?? []),
    );
    await keepOrders(
      tx,
      facts.flatMap(({ order }) => order ?? []),
    );
    await settleReferrals(tx, {
      inviteeIds: facts.flatMap(
        ({ referral, order }) => referral?.inviteeId ?? order?.inviteeId ?? [],
      ),
      orderIds: facts.flatMap(({ order }) => order?.id ?? []),
    });
  },
});

interface Fact {
  readonly communityId: CommunityId;
  readonly referral?: {
    readonly inviteUseId: string;
    readonly communityId: CommunityId;
    readonly inviterId: string;
    readonly inviteeId: string;
    readonly joinedAt?: string;
    readonly activatedAt?: string;
  };
  readonly order?: {
    readonly id: string;
    readonly inviteeId?: string | null;
    readonly paidAt?: string;
    readonly totalMinor?: string;
    readonly refundedMinor?: string;
    readonly isRefused?: boolean;
  };
}

const factsOf = (event: Envelope): Fact[] => {
  const at = event.occurredAt;
  if (isEvent(event, MemberReferred))
    return [of(event, { referral: { ...event.payload, joinedAt: at } })];
  if (isEvent(event, ReferralActivated))
    return [of(event, { referral: { ...event.payload, activatedAt: at } })];
  if (isEvent(event, OrderRefunded)) {
    const { orderId: id, refundedMinor } = event.payload;
    return [of(event, { order: { id, refundedMinor } })];
  }
  if (isEvent(event, ReferralRefused)) {
    const { orderId: id, buyerMemberId: inviteeId } = event.payload;
    return [of(event, { order: { id, inviteeId, isRefused: true } })];
  }
  if (!isEvent(event, OrderPaid) || event.payload.referrerId == null) return [];
  const { orderId: id, buyerMemberId: inviteeId, totalMinor } = event.payload;
  return [of(event, { order: { id, inviteeId, totalMinor, paidAt: at } })];
};

const of = (
  { payload: { communityId } }: Envelope<{ readonly communityId: CommunityId }>,
  fact: Omit<Fact, 'communityId'>,
): Fact => ({ communityId, ...fact });

/** What counts depends on all that is known of a member's referrals: those of a community are judged one batch at a time. */
const takeTurns = async (tx: Tx, communityIds: readonly CommunityId[]): Promise<void> => {
  for (const id of [...new Set(communityIds)].sort())
    await tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended('referrals ' || $1, 0))`, [
      id,
    ]);
};

/** A member was brought once, by one: of another invite there is no second row. */
const keepReferrals = (tx: Tx, told: readonly NonNullable<Fact['referral']>[]): Promise<unknown> =>
  tx.db.query(
    `INSERT INTO referral AS known (id, community_id, inviter_id, invitee_id, joined_at, activated_at)
     SELECT DISTINCT ON ("inviteeId") "inviteUseId", "communityId", "inviterId", "inviteeId",
       min("joinedAt") OVER (PARTITION BY "inviteeId"), min("activatedAt") OVER (PARTITION BY "inviteeId")
     FROM json_to_recordset($1::json) AS told ("inviteUseId" uuid, "communityId" uuid, "inviterId" uuid,
       "inviteeId" uuid, "joinedAt" timestamptz, "activatedAt" timestamptz)
     ORDER BY "inviteeId", "inviteUseId"
     ON CONFLICT (invitee_id) DO UPDATE
       SET joined_at = least(known.joined_at, excluded.joined_at),
           activated_at = least(known.activated_at, excluded.activated_at)`,
    [JSON.stringify(told)],
  );

const keepOrders = (tx: Tx, told: readonly NonNullable<Fact['order']>[]): Promise<unknown> =>
  tx.db.query(
    `INSERT INTO referred_order AS known (id, invitee_id, paid_at, total_minor, refunded_minor, is_refused)
     SELECT id, max("inviteeId")::uuid, min("paidAt"), coalesce(max("totalMinor"), 0), coalesce(max("refundedMinor"), 0),
       coalesce(bool_or("isRefused"), false)
     FROM json_to_recordset($1::json) AS told (id uuid, "inviteeId" text, "paidAt" timestamptz, "totalMinor" bigint,
       "refundedMinor" bigint, "isRefused" boolean)
     GROUP BY id ORDER BY id
     ON CONFLICT (id) DO UPDATE
       SET invitee_id = coalesce(known.invitee_id, excluded.invitee_id),
           paid_at = coalesce(known.paid_at, excluded.paid_at),
           total_minor = greatest(known.total_minor, excluded.total_minor),
           refunded_minor = greatest(known.refunded_minor, excluded.refunded_minor),
           is_refused = known.is_refused OR excluded.is_refused`,
    [JSON.stringify(told)],
  );
