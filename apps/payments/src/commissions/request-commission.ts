import { isId, type CommunityId, type MemberId } from '@lyceum/contracts';
import { requireUser, useCase, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import { maxAmountMinor } from '../catalogue/price-list';
import { Membership } from '../communities/membership.entity';
import { membershipOf } from '../communities/membership.queries';
import { MoneyInput, parseMoneyInput } from '../graph/money.type';
import { NotNow } from '../holds/not-now';
import { claimKey } from '../orders/command-key';
import { KeyReused } from '../orders/order.errors';
import {
  Commission,
  CommissionNotFound,
  InvalidCommission,
  selectCommissions,
  type CommissionId,
} from './commission.type';
import { CommissionInput, isText, moveCommission, onCommission } from './on-commission';

@InputType()
export class RequestCommissionInput {
  @Field(() => ID) communityId!: string;
  @Field(() => ID, { description: 'The member whose work is wanted.' }) creatorId!: string;
  @Field(() => String, { description: 'Plain text, 1 to 200 characters.' }) title!: string;
  @Field(() => String, { description: 'Plain text, 1 to 5000 characters.' }) brief!: string;
  @Field(() => String, { description: '1 to 200 characters. The same key asks once.' })
  idempotencyKey!: string;
}

@InputType()
export class QuoteCommissionInput extends CommissionInput {
  @Field(() => MoneyInput) amount!: MoneyInput;
  @Field(() => Int, { description: 'Days from the payment to the delivery: 1 to 365.' })
  deliverDays!: number;
  @Field(() => Int, {
    defaultValue: 7,
    description: 'Days after which what nobody complains about is accepted: 1 to 60.',
  })
  acceptDays!: number;
  @Field(() => Int, { defaultValue: 1, description: 'How often it may be revised: 0 to 20.' })
  revisions!: number;
  @Field(() => Int, {
    defaultValue: 0,
    description:
      'What the creator keeps when the client cancels in time, in hundredths of a percent.',
  })
  keptBasisPoints!: number;
}

export const RequestCommissionResult = createUnionType({
  name: 'RequestCommissionResult',
  types: () => [Commission, CommissionNotFound, InvalidCommission, KeyReused] as const,
});

/** Asks another member for work. Nothing is owed before a quote is accepted and paid. */
export const requestCommission = useCase(
  async (tx, input: RequestCommissionInput): Promise<typeof RequestCommissionResult> => {
    const { accountId } = requireUser(tx);
    const { idempotencyKey: key, ...request } = input;
    if (!/^.{1,200}$/s.test(key))
      return new InvalidCommission('An idempotency key has 1 to 200 characters.');
    if (!isText(input.title, 200)) return new InvalidCommission('A title has 1 to 200 characters.');
    if (!isText(input.brief, 5_000))
      return new InvalidCommission('Say what you want in 1 to 5000 characters.');
    const sides = await sidesOf(tx, input);
    if (sides instanceof InvalidCommission) return sides;
    const claim = await claimKey(tx, { operation: 'requestCommission', key, request });
    if (claim instanceof KeyReused) return claim;
    const id = claim.resultId as CommissionId; // made for it
    if (!claim.isReplay)
      await tx.db.query(
        `INSERT INTO commission (id, community_id, client_id, client_member_id, creator_id, creator_account_id, title,
           brief, status, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'requested', $9)`,
        [
          ...[id, input.communityId, accountId, sides.client.memberId, sides.creator.memberId],
          ...[sides.creator.accountId, input.title.trim(), input.brief.trim(), tx.now],
        ],
      );
    const [written] = await selectCommissions(tx.db, 'id = $1', [id]);
    return written ?? new CommissionNotFound();
  },
);

const sidesOf = async (
  tx: Tx,
  { communityId, creatorId }: RequestCommissionInput,
): Promise<{ client: Membership; creator: Membership } | InvalidCommission> => {
  const nobody = new InvalidCommission('You and whom you ask are members of the community.');
  if (!isId(communityId) || !isId(creatorId)) return nobody;
  const { accountId } = requireUser(tx);
  const client = await membershipOf(tx.db, {
    communityId: communityId as CommunityId, // has the form of one
    accountId,
  });
  const creator = await tx.db.findOneBy(Membership, { memberId: creatorId as MemberId });
  if (client?.status !== 'active' || creator?.status !== 'active') return nobody;
  if (creator.communityId !== client.communityId) return nobody;
  return creator.accountId === accountId
    ? new InvalidCommission('You cannot ask yourself.')
    : { client, creator };
};

/** Says for how much and by when, by whom it was asked of; again as long as nobody has accepted. */
export const quoteCommission = onCommission(
  async (tx, { commission, side }, input: QuoteCommissionInput) => {
    if (side !== 'creator') return new NotNow('Whom it was asked of says for how much.');
    if (commission.status !== 'requested' && commission.status !== 'quoted')
      return new NotNow('Its quote was accepted, or it is over.');
    const problem = whyNotQuote(input);
    if (problem !== null) return new InvalidCommission(problem);
    await tx.db.query(
      `UPDATE commission SET status = 'quoted', quote_number = quote_number + 1, amount_minor = $2, currency = $3,
         deliver_days = $4, accept_days = $5, revisions = $6, kept_basis_points = $7, order_id = NULL,
         quoted_at = CASE quote_number WHEN 0 THEN $8 ELSE quoted_at END WHERE id = $1`,
      [
        ...[commission.id, input.amount.amountMinor, input.amount.currency, input.deliverDays],
        ...[input.acceptDays, input.revisions, input.keptBasisPoints, tx.now],
      ],
    );
    const [quoted] = await selectCommissions(tx.db, 'id = $1', [commission.id]);
    return { commission: quoted ?? commission, refundId: null };
  },
);

const isWithin = (value: number, least: number, most: number): boolean =>
  value >= least && value <= most;

const whyNotQuote = (input: QuoteCommissionInput): string | null => {
  const amount = parseMoneyInput(input.amount);
  if (amount === null || amount.amountMinor <= 0n) return 'A quote is an amount above zero.';
  if (amount.amountMinor > maxAmountMinor) return 'This is too much.';
  if (!isWithin(input.deliverDays, 1, 365)) return 'It is delivered within 1 to 365 days.';
  if (!isWithin(input.acceptDays, 1, 60)) return 'It is accepted after 1 to 60 days.';
  if (!isWithin(input.revisions, 0, 20)) return 'It is revised at most 20 times.';
  return isWithin(input.keptBasisPoints, 0, 10_000) ? null : 'A part is 0 to 10000.';
};

/** Ends it before anything was paid: the creator declines, or the client withdraws. Again it changes nothing. */
export const declineCommission = onCommission(async (tx, { commission, side }) => {
  if (side === 'manager') return new NotNow('Its two sides say so.');
  const status = side === 'creator' ? 'declined' : 'withdrawn';
  if (commission.status === status) return { commission, refundId: null };
  if (commission.status !== 'requested' && commission.status !== 'quoted')
    return new NotNow('Its quote was accepted, or it is over.');
  const outcome = side === 'creator' ? 'Declined by the creator.' : 'Withdrawn by the client.';
  const ended = await moveCommission(tx, commission, { status, outcome, endedAt: tx.now });
  return { commission: ended, refundId: null };
});
