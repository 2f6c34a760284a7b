import { ReferralJudged, type CommunityId, type MemberId } from '@lyceum/contracts';
import { groupBy, type Tx } from '@lyceum/platform';
import { ruleBooks } from '../rule-sets/rule-books';
import { ruleSetOn, usualReferralTerms, utcDay, type RuleBook } from '../rules';
import { query } from '../sql';
import {
  judgeReferrals,
  type Counted,
  type Judgement,
  type ReferralFacts,
} from './judge-referrals';

interface Row extends Omit<ReferralFacts, 'orders'> {
  readonly communityId: CommunityId;
  readonly inviterId: MemberId;
  readonly inviteeId: MemberId;
  readonly activation: Said;
  readonly purchase: Said;
  readonly orders: readonly {
    readonly id: string;
    readonly paidAt: string | null;
    readonly totalMinor: string;
    readonly refundedMinor: string;
    readonly isRefused: boolean;
  }[];
}

/** What was last told to count; of weight 0, nothing. */
interface Said {
  readonly at: string | null;
  readonly weight: number;
  readonly version: number;
}

/** Judges the referrals of all who brought one of these, and tells what has changed. The caller takes turns. */
export const settleReferrals = async (
  tx: Tx,
  touched: { readonly inviteeIds: readonly string[]; readonly orderIds: readonly string[] },
): Promise<void> => {
  const rows = await referralsOfInviters(tx, touched);
  const books = await ruleBooks(tx.db, [...new Set(rows.map(({ communityId }) => communityId))]);
  for (const own of groupBy(rows, ({ inviterId }) => inviterId).values()) {
    const judgements = judge(own, books);
    for (const row of own) {
      const judgement = judgements.get(row.id);
      if (judgement !== undefined) await tell(tx, row, judgement);
    }
  }
};

const judge = (
  rows: readonly Row[],
  books: ReadonlyMap<CommunityId, RuleBook>,
): ReadonlyMap<string, Judgement> => {
  const book = rows[0] && books.get(rows[0].communityId);
  const facts = rows.map((row) => ({
    ...row,
    orders: row.orders.map((order) => ({
      ...order,
      paidAt: order.paidAt === null ? null : new Date(order.paidAt),
      totalMinor: BigInt(order.totalMinor),
      refundedMinor: BigInt(order.refundedMinor),
    })),
  }));
  const judged = judgeReferrals(facts, (at) =>
    book === undefined ? usualReferralTerms : ruleSetOn(book, utcDay(at)).referrals,
  );
  return new Map(judged.map((one) => [one.id, one]));
};

const tell = async (tx: Tx, row: Row, judgement: Judgement): Promise<void> => {
  const activation = await tellStep(tx, row, { step: 'activated', ...judgement });
  const purchase = await tellStep(tx, row, { step: 'purchased', ...judgement });
  await tx.db.query(
    `UPDATE referral SET state = $2, why = $3, activation_at = $4, activation_weight = $5, activation_version = $6,
       purchase_at = $7, purchase_weight = $8, purchase_version = $9 WHERE id = $1`,
    [
      ...[row.id, judgement.state, judgement.why],
      ...[activation.at, activation.weight, activation.version],
      ...[purchase.at, purchase.weight, purchase.version],
    ],
  );
};

/** Tells what counts of a step if that is not what was told last, and gives what has been told by now. */
const tellStep = async (
  tx: Tx,
  { id, communityId, inviterId, inviteeId, ...row }: Row,
  told: Judgement & { readonly step: 'activated' | 'purchased' },
): Promise<Said> => {
  const said = told.step === 'activated' ? row.activation : row.purchase;
  const now: Counted | null = told.step === 'activated' ? told.activation : told.purchase;
  const saidAt = said.at === null ? null : new Date(said.at).getTime();
  const isSame =
    now === null ? said.weight === 0 : said.weight === now.weight && saidAt === now.at.getTime();
  if (isSame) return said;
  const version = said.version + 1;
  const weight = now?.weight ?? 0;
  const { step } = told;
  const payload = { communityId, inviteUseId: id, step, inviterId, inviteeId, weight, version };
  await tx.emit(ReferralJudged, payload, { occurredAt: now?.at ?? tx.now });
  return { at: now?.at.toISOString() ?? null, weight, version };
};

const referralsOfInviters = (
  tx: Tx,
  { inviteeIds, orderIds }: Parameters<typeof settleReferrals>[1],
): Promise<Row[]> =>
  query(
    tx.db,
    `SELECT id, community_id AS "communityId", inviter_id AS "inviterId", invitee_id AS "inviteeId",
       joined_at AS "joinedAt", activated_at AS "activatedAt",
       json_build_object('at', activation_at, 'weight', activation_weight, 'version', activation_version) AS activation,
       json_build_object('at', purchase_at, 'weight', purchase_weight, 'version', purchase_version) AS purchase,
       (SELECT coalesce(json_agg(json_build_object('id', o.id, 'paidAt', paid_at, 'totalMinor', total_minor::text,
          'refundedMinor', refunded_minor::text, 'isRefused', is_refused)), '[]')
        FROM referred_order AS o WHERE o.invitee_id = referral.invitee_id) AS orders
     FROM referral WHERE inviter_id IN (
       SELECT inviter_id FROM referral AS touched WHERE touched.invitee_id = ANY($1::uuid[])
       UNION SELECT inviter_id FROM referral AS buyer JOIN referred_order AS sold USING (invitee_id)
         WHERE sold.id = ANY($2::uuid[]))
     ORDER BY inviter_id, id`,
    [inviteeIds, orderIds],
  );
