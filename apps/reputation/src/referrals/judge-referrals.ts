import { compareText, utcDay, type ReferralTerms } from '../rules';

/** What is on record of somebody who was brought by a member. */
export interface ReferralFacts {
  readonly id: string;
  /** Null where nobody told, for those who were brought before that was told. */
  readonly joinedAt: Date | null;
  /** When the address was verified and something was written; null before that. */
  readonly activatedAt: Date | null;
  readonly orders: readonly ReferredOrder[];
}

export interface ReferredOrder {
  readonly id: string;
  /** Null while only what went back of it is known, or that it was refused. */
  readonly paidAt: Date | null;
  readonly totalMinor: bigint;
  readonly refundedMinor: bigint;
  readonly isRefused: boolean;
}

export type ReferralState = 'joined' | 'activated' | 'purchased' | 'clawed-back' | 'refused';

export interface Counted {
  readonly at: Date;
  /** Percent. */
  readonly weight: number;
}

export interface Judgement {
  readonly id: string;
  readonly state: ReferralState;
  /** A sentence for the member. */
  readonly why: string;
  readonly activation: Counted | null;
  readonly purchase: Counted | null;
}

/**
 * What counts of those whom one member brought: a pure function of what is on record, so it does not matter in which
 * order it became known. In each UTC month the first few count, as the rules of the day say.
 */
export const judgeReferrals = (
  referrals: readonly ReferralFacts[],
  termsOn: (at: Date) => ReferralTerms,
): Judgement[] => {
  const activations = firstOfMonths(
    referrals.map(({ id, activatedAt }) => ({ id, at: activatedAt, weight: 100 })),
    termsOn,
  );
  const sales = new Map(referrals.map((one) => [one.id, saleOf(one, termsOn)]));
  const purchases = firstOfMonths(
    [...sales].map(([id, sale]) => ({
      id,
      at: sale.kind === 'sold' ? sale.at : null,
      weight: sale.weight,
    })),
    termsOn,
  );
  return referrals.map((one) => {
    const activation = activations.get(one.id) ?? null;
    const purchase = purchases.get(one.id) ?? null;
    const sale = sales.get(one.id) ?? nothing;
    return { id: one.id, activation, purchase, ...explain(one, { sale, activation, purchase }) };
  });
};

interface Sale {
  readonly kind: 'none' | 'sold' | 'late' | 'back' | 'refused';
  readonly at: Date | null;
  readonly weight: number;
}

const nothing: Sale = { kind: 'none', at: null, weight: 0 };
const dayMs = 86_400_000;

/** The first purchase of which anything is left; where there is none, what became of the first one. */
const saleOf = (
  { orders, joinedAt }: ReferralFacts,
  termsOn: (at: Date) => ReferralTerms,
): Sale => {
  const isInTime = (paidAt: Date): boolean =>
    joinedAt !== null &&
    paidAt.getTime() - joinedAt.getTime() <= termsOn(paidAt).purchaseWithinDays * dayMs;
  const paid = orders
    .flatMap(({ paidAt, ...order }) =>
      paidAt === null || order.totalMinor <= 0n ? [] : [{ ...order, paidAt }],
    )
    .sort((a, b) => a.paidAt.getTime() - b.paidAt.getTime() || compareText(a.id, b.id));
  const counted = paid.filter(({ isRefused }) => !isRefused);
  const inTime = counted.filter(({ paidAt }) => isInTime(paidAt));
  const kept = inTime.find((order) => order.refundedMinor < order.totalMinor);
  if (kept !== undefined) return { kind: 'sold', at: kept.paidAt, weight: leftOf(kept) };
  const [back] = inTime;
  if (back !== undefined) return { kind: 'back', at: back.paidAt, weight: 0 };
  if (orders.some(({ isRefused }) => isRefused)) return { ...nothing, kind: 'refused' };
  const [late] = counted;
  return late === undefined ? nothing : { kind: 'late', at: late.paidAt, weight: 0 };
};

/** Never nothing while anything is left. */
const leftOf = ({ totalMinor, refundedMinor }: ReferredOrder): number =>
  Math.max(1, Number(((totalMinor - refundedMinor) * 100n) / totalMinor));

/** Of each month those that happened first, as many as count. */
const firstOfMonths = (
  happened: readonly { id: string; at: Date | null; weight: number }[],
  termsOn: (at: Date) => ReferralTerms,
): Map<string, Counted> => {
  const inOrder = happened
    .flatMap(({ at, ...one }) => (at === null ? [] : [{ ...one, at }]))
    .sort((a, b) => a.at.getTime() - b.at.getTime() || compareText(a.id, b.id));
  const inMonth = new Map<string, number>();
  const counted = new Map<string, Counted>();
  for (const { id, at, weight } of inOrder) {
    const month = utcDay(at).slice(0, 7);
    const before = inMonth.get(month) ?? 0;
    if (before >= termsOn(at).mostPerMonth) continue;
    inMonth.set(month, before + 1);
    counted.set(id, { at, weight });
  }
  return counted;
};

const explain = (
  { activatedAt }: ReferralFacts,
  found: { sale: Sale; activation: Counted | null; purchase: Counted | null },
): Pick<Judgement, 'state' | 'why'> => {
  const { sale, activation, purchase } = found;
  const on = sale.at === null ? '' : utcDay(sale.at);
  const beyond = ', beyond the number of a month that counts';
  switch (sale.kind) {
    case 'sold': {
      const part = sale.weight < 100 ? `; ${String(sale.weight)} % of it was not refunded` : '';
      return {
        state: 'purchased',
        why: `Bought something on ${on}${part}${purchase === null ? beyond : ''}`,
      };
    }
    case 'back':
      return { state: 'clawed-back', why: `What was bought on ${on} was paid back` };
    case 'refused':
      return { state: 'refused', why: 'Paid with a payment method of who brought them' };
    default:
      break;
  }
  const late = sale.kind === 'late' ? `; what was bought on ${on} was bought too late` : '';
  if (activatedAt === null)
    return {
      state: 'joined',
      why: `Has joined; counts once the address is verified and something is written${late}`,
    };
  const day = utcDay(activatedAt);
  return {
    state: 'activated',
    why: `Became active on ${day}${activation === null ? beyond : ''}${late}`,
  };
};
