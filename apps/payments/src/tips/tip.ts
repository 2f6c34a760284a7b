import assert from 'node:assert/strict';
import { isId, type AccountId, type CommunityId, type MemberId } from '@lyceum/contracts';
import type { Money } from '@lyceum/money';
import { requireUser, useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { EntityManager } from 'typeorm';
import { membershipOf } from '../communities/membership.queries';
import { isVisible } from '../communities/standing';
import { MoneyInput, parseMoneyInput } from '../graph/money.type';
import { PaymentSession, PayWithInput, startOrderPayment } from '../income/start-order-payment';
import { claimKey } from '../orders/command-key';
import {
  KeyReused,
  OrderIsClosed,
  OrderNotFound,
  ProviderFailed,
  ProviderUnknown,
  SoldOut,
} from '../orders/order.errors';
import { lockOrder, type Order } from '../orders/order.type';
import { placeOrder } from '../orders/place-order';
import { IncomeStream } from '../splits/split-table.entity';
import { splitInForce } from '../splits/split.queries';

export enum TipTarget {
  ARTICLE = 'article',
  ANSWER = 'answer',
  COMMENT = 'comment',
}
registerEnumType(TipTarget, { name: 'TipTarget', description: 'What can be tipped.' });

@InputType()
export class TipInput extends PayWithInput {
  @Field(() => TipTarget) targetType!: TipTarget;
  @Field(() => ID) targetId!: string;
  @Field(() => MoneyInput, { description: '100 to 1000000 minor units.' }) amount!: MoneyInput;
  @Field(() => String, { nullable: true, description: 'Plain text, at most 280 characters.' })
  message?: string | null;
  @Field(() => String, { description: '1 to 200 characters. The same key tips once.' })
  idempotencyKey!: string;
}

@ObjectType({ implements: UserError })
export class TipTargetNotFound extends UserError {
  readonly code = 'TIP_TARGET_NOT_FOUND' as const;
  readonly message = 'There is no such thing to tip, or nobody knows who wrote it.';
}

@ObjectType({ implements: UserError })
export class OwnContent extends UserError {
  readonly code = 'OWN_CONTENT' as const;
  readonly message = 'You cannot tip yourself.';
}

@ObjectType({ implements: UserError })
export class InvalidTip extends UserError {
  readonly code = 'INVALID_TIP' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}

export const TipResult = createUnionType({
  name: 'TipResult',
  types: () =>
    [
      PaymentSession,
      TipTargetNotFound,
      OwnContent,
      InvalidTip,
      KeyReused,
      ProviderUnknown,
      ProviderFailed,
      OrderIsClosed,
      OrderNotFound,
    ] as const,
});
type Result = Promise<typeof TipResult>;

const minimumMinor = 100n;
const maximumMinor = 1_000_000n;

/** Gives something to who wrote a post, of one's own accord. The author gets the share of the split for tips. */
export const tip = async (ctx: Ctx, input: TipInput): Result => {
  requireUser(ctx);
  const content = await authored(ctx.db, input);
  if (content === null || !(await isVisible(ctx, content.communityId)))
    return new TipTargetNotFound();
  const amount = parseMoneyInput(input.amount);
  if (amount === null || amount.amountMinor < minimumMinor || amount.amountMinor > maximumMinor)
    return new InvalidTip('A tip is 100 to 1000000 minor units.');
  if (Array.from(input.message ?? '').length > 280)
    return new InvalidTip('A message has at most 280 characters.');
  if (!/^.{1,200}$/s.test(input.idempotencyKey))
    return new InvalidTip('An idempotency key has 1 to 200 characters.');
  const order = await place(ctx, { input, content, amount });
  return order instanceof UserError ? order : startOrderPayment(ctx, order, input);
};

interface Authored {
  readonly communityId: CommunityId;
  readonly authorId: MemberId;
  readonly authorAccountId: AccountId | null;
}

const authored = async (
  db: EntityManager,
  { targetType, targetId }: TipInput,
): Promise<Authored | null> => {
  if (!isId(targetId)) return null;
  const [content] = await db.query<Authored[]>(
    `SELECT content.community_id AS "communityId", content.author_id AS "authorId",
       membership.account_id AS "authorAccountId"
     FROM authored_content AS content LEFT JOIN membership ON membership.member_id = content.author_id
     WHERE content.content_id = $1 AND content.content_type = $2 AND content.author_id IS NOT NULL`,
    [targetId, targetType],
  );
  return content ?? null;
};

const place = useCase(
  async (
    tx,
    { input, content, amount }: { input: TipInput; content: Authored; amount: Money },
  ): Promise<Order | OwnContent | KeyReused | OrderNotFound> => {
    const { accountId } = requireUser(tx);
    const { communityId, authorId } = content;
    const membership = await membershipOf(tx.db, { communityId, accountId });
    if (content.authorAccountId === accountId || membership?.memberId === authorId)
      return new OwnContent();
    const { idempotencyKey: key, ...request } = input;
    const claim = await claimKey(tx, { operation: 'tip', key, request });
    if (claim instanceof KeyReused) return claim;
    if (claim.isReplay) return (await orderOfTip(tx, claim.resultId)) ?? new OrderNotFound();

    const scope = { communityId, productId: null, stream: IncomeStream.TIPS };
    const order = await placeOrder(tx, {
      communityId,
      buyerId: accountId,
      buyerMemberId: membership?.memberId ?? null,
      lines: [
        {
          purpose: 'tip',
          referenceId: claim.resultId,
          title: `Tip for an ${input.targetType}`.replace('an comment', 'a comment'),
          amount,
          splitId: (await splitInForce(tx.db, scope, tx.now)).id,
          earnerId: authorId,
        },
      ],
      refundPolicy: { windowDays: 0, endsAccess: false },
    });
    assert(!(order instanceof SoldOut), 'tips do not sell out');
    await write(tx, order, { tipId: claim.resultId, input, content, amount });
    return order;
  },
);

const write = async (
  tx: Tx,
  order: Order,
  of: { tipId: string; input: TipInput; content: Authored; amount: Money },
): Promise<void> => {
  const { tipId, input, content, amount } = of;
  await tx.db.query(
    `INSERT INTO tip (id, order_id, community_id, content_type, content_id, author_id, tipper_id, amount_minor,
       currency, message, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      tipId,
      order.id,
      order.communityId,
      input.targetType,
      input.targetId,
      content.authorId,
      order.buyerId,
      amount.amountMinor.toString(),
      amount.currency,
      input.message ?? null,
      tx.now,
    ],
  );
};

const orderOfTip = async (tx: Tx, tipId: string): Promise<Order | null> => {
  const [found] = await tx.db.query<{ orderId: string }[]>(
    'SELECT order_id AS "orderId" FROM tip WHERE id = $1',
    [tipId],
  );
  return found === undefined ? null : lockOrder(tx.db, found.orderId);
};
