import assert from 'node:assert/strict';
import { isId, type CommunityId } from '@lyceum/contracts';
import { parseMinorUnits, type Money } from '@lyceum/money';
import { requireUser, useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import { isVisible } from '../communities/standing';
import { membershipOf } from '../communities/membership.queries';
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
import { dayMs } from '../subscriptions/calendar';
import { InvalidPlacement } from './ad.errors';
import { selectPlacements } from './ad.type';

@InputType()
export class BuyPlacementInput extends PayWithInput {
  @Field(() => ID) communityId!: string;
  @Field(() => String, { description: 'Who pays for it, as readers see it: 1 to 80 characters.' })
  advertiser!: string;
  @Field(() => String, { description: '1 to 80 characters.' }) title!: string;
  @Field(() => String, { description: 'Plain text, at most 200 characters.' }) text!: string;
  @Field(() => String, { description: 'Where it leads: an https address.' }) url!: string;

  @Field(() => [String], {
    defaultValue: [],
    description: 'Topics beside which it is shown, at most 10; everywhere when empty.',
  })
  topics?: string[];

  @Field(() => MoneyInput, { description: '1000 to 100000000 minor units.' }) budget!: MoneyInput;

  @Field(() => String, {
    description: 'For a thousand impressions, in minor units of the budget: 0 to 1000000.',
  })
  perThousandImpressionsMinor!: string;

  @Field(() => String, {
    description: 'For a click, in minor units of the budget: 0 to 100000. One of the two is not 0.',
  })
  perClickMinor!: string;

  @Field(() => Int, {
    defaultValue: 3,
    description: 'How often one viewer is counted on one day: 1 to 20.',
  })
  viewerCap?: number;

  @Field(() => Date) startsAt!: Date;
  @Field(() => Date, { description: 'At most 366 days later.' }) endsAt!: Date;
  @Field(() => String, { description: '1 to 200 characters. The same key buys once.' })
  idempotencyKey!: string;
}

export const BuyPlacementResult = createUnionType({
  name: 'BuyPlacementResult',
  types: () =>
    [
      PaymentSession,
      InvalidPlacement,
      KeyReused,
      ProviderUnknown,
      ProviderFailed,
      OrderIsClosed,
      OrderNotFound,
    ] as const,
});

/** Buys a budget for something to be shown in a community. It is shown once it was paid and looked at. */
export const buyPlacement = async (
  ctx: Ctx,
  input: BuyPlacementInput,
): Promise<typeof BuyPlacementResult> => {
  requireUser(ctx);
  const terms = termsIn(input);
  if (terms instanceof InvalidPlacement) return terms;
  const isKnown =
    isId(input.communityId) && (await isVisible(ctx, input.communityId as CommunityId));
  if (!isKnown) return new InvalidPlacement('There is no such community.');
  const order = await place(ctx, { input, terms });
  return order instanceof UserError ? order : startOrderPayment(ctx, order, input);
};

interface Terms {
  readonly budget: Money;
  readonly impressionMilli: bigint;
  readonly clickMilli: bigint;
  readonly topics: readonly string[];
  readonly viewerCap: number;
}

const lengthOf = (text: string): number => Array.from(text.trim()).length;
const isHttps = (url: string): boolean =>
  url.length <= 500 && URL.canParse(url) && new URL(url).protocol === 'https:';

const problemOf = (input: BuyPlacementInput): string | null => {
  for (const text of [input.advertiser, input.title])
    if (lengthOf(text) < 1 || lengthOf(text) > 80)
      return 'Names and titles have 1 to 80 characters.';
  if (lengthOf(input.text) > 200) return 'A text has at most 200 characters.';
  if (!isHttps(input.url)) return 'An address is https, and has at most 500 characters.';
  const days = (input.endsAt.getTime() - input.startsAt.getTime()) / dayMs;
  if (!(days > 0 && days <= 366)) return 'A placement runs for up to 366 days.';
  if (!/^.{1,200}$/s.test(input.idempotencyKey)) return 'A key has 1 to 200 characters.';
  return null;
};

const termsIn = (input: BuyPlacementInput): Terms | InvalidPlacement => {
  const problem = problemOf(input);
  if (problem !== null) return new InvalidPlacement(problem);
  const budget = parseMoneyInput(input.budget);
  if (budget === null || budget.amountMinor < 1_000n || budget.amountMinor > 100_000_000n)
    return new InvalidPlacement('A budget is 1000 to 100000000 minor units.');
  const perThousand = parseMinorUnits(input.perThousandImpressionsMinor, budget.currency);
  const perClick = parseMinorUnits(input.perClickMinor, budget.currency);
  const impressionMilli = perThousand?.amountMinor ?? -1n;
  const clickMilli = (perClick?.amountMinor ?? -1n) * 1_000n;
  const areCosts =
    impressionMilli >= 0n &&
    impressionMilli <= 1_000_000n &&
    clickMilli >= 0n &&
    clickMilli <= 100_000_000n &&
    impressionMilli + clickMilli > 0n;
  if (!areCosts) return new InvalidPlacement('It costs something for impressions or clicks.');
  const topics = [...new Set((input.topics ?? []).map((topic) => topic.trim().toLowerCase()))];
  if (topics.length > 10 || topics.some((topic) => topic === '' || topic.length > 50))
    return new InvalidPlacement('At most 10 topics, of 1 to 50 characters.');
  const { viewerCap = 3 } = input;
  if (viewerCap < 1 || viewerCap > 20)
    return new InvalidPlacement('A viewer counts 1 to 20 times.');
  return { budget, impressionMilli, clickMilli, topics, viewerCap };
};

const place = useCase(
  async (
    tx,
    { input, terms }: { input: BuyPlacementInput; terms: Terms },
  ): Promise<Order | KeyReused | OrderNotFound> => {
    const { accountId } = requireUser(tx);
    const { idempotencyKey: key, ...request } = input;
    const claim = await claimKey(tx, { operation: 'buy-placement', key, request });
    if (claim instanceof KeyReused) return claim;
    if (claim.isReplay) return (await orderOf(tx, claim.resultId)) ?? new OrderNotFound();

    const communityId = input.communityId as CommunityId; // has the form of one
    const membership = await membershipOf(tx.db, { communityId, accountId });
    const order = await placeOrder(tx, {
      communityId,
      buyerId: accountId,
      buyerMemberId: membership?.memberId ?? null,
      lines: [
        {
          purpose: 'ad-placement',
          referenceId: claim.resultId,
          title: `Budget of “${input.title.trim()}”`,
          amount: terms.budget,
          splitId: null,
          earnerId: null,
        },
      ],
      refundPolicy: { windowDays: 0, endsAccess: true },
    });
    assert(!(order instanceof SoldOut), 'placements do not sell out');
    await write(tx, order, { id: claim.resultId, input, terms });
    return order;
  },
);

const write = (
  tx: Tx,
  order: Order,
  { id, input, terms }: { id: string; input: BuyPlacementInput; terms: Terms },
): Promise<unknown> =>
  tx.db.query(
    `INSERT INTO ad_placement (id, community_id, account_id, order_id, status, advertiser, title, text, url, topics,
       currency, budget_minor, impression_milli, click_milli, viewer_cap, starts_at, ends_at, created_at)
     VALUES ($1, $2, $3, $4, 'awaiting-payment', $5, $6, $7, $8, $9, $10, 0, $11, $12, $13, $14, $15, $16)`,
    [
      id,
      order.communityId,
      order.buyerId,
      order.id,
      input.advertiser.trim(),
      input.title.trim(),
      input.text.trim(),
      input.url,
      terms.topics,
      terms.budget.currency,
      terms.impressionMilli.toString(),
      terms.clickMilli.toString(),
      terms.viewerCap,
      input.startsAt,
      input.endsAt,
      tx.now,
    ],
  );

const orderOf = async (tx: Tx, placementId: string): Promise<Order | null> => {
  const [placement] = await selectPlacements(tx.db, 'id = $1', [placementId]);
  return placement === undefined ? null : lockOrder(tx.db, placement.orderId);
};
