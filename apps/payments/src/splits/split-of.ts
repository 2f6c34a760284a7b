import type { MemberId } from '@lyceum/contracts';
import { allocate, money, sum, type Money } from '@lyceum/money';

export enum SplitParty {
  PLATFORM = 'platform',
  CREATOR = 'creator',
  REFERRER = 'referrer',
  MEMBER = 'member',
}

/** One line of a split table. */
export interface SplitRule {
  readonly party: SplitParty;
  /** Whose share it is when the party is `member`; null otherwise. */
  readonly memberId: MemberId | null;
  readonly basisPoints: number;
}

/** The whole of an income, in basis points. */
export const wholeInBasisPoints = 10_000;

/** Who the parties are this time. */
export interface Parties {
  /** Null for what belongs to nobody in particular: the platform has the creator's share then. */
  readonly creatorId: MemberId | null;
  /** Null when nobody brought the buyer: the creator has the referrer's share then. */
  readonly referrerId: MemberId | null;
}

/** What one line of the table comes to. */
export interface Share {
  /** The line's party, also where another one has its share. */
  readonly party: SplitParty;
  /** Who gets it; null is the platform. */
  readonly memberId: MemberId | null;
  readonly amount: Money;
}

/**
 * Divides what is left of a payment after the provider's fee: Σ shares = net, always. The rule is that of
 * `allocate` (largest remainder, among equal ones the first line of the table), so the same table and net
 * always give the same shares: 1000 in thirds is 334, 333, 333.
 */
export const splitOf = (
  table: { readonly shares: readonly SplitRule[] },
  net: Money,
  parties: Parties,
): readonly Share[] => {
  const amounts = allocate(
    net,
    table.shares.map(({ basisPoints }) => BigInt(basisPoints)),
  );
  return table.shares.map((rule, line) => ({
    party: rule.party,
    memberId: beneficiaryOf(rule, parties),
    amount: amounts[line] ?? money(0n, net.currency),
  }));
};

const beneficiaryOf = (rule: SplitRule, { creatorId, referrerId }: Parties): MemberId | null => {
  switch (rule.party) {
    case SplitParty.PLATFORM:
      return null;
    case SplitParty.CREATOR:
      return creatorId;
    case SplitParty.REFERRER:
      return referrerId ?? creatorId;
    case SplitParty.MEMBER:
      return rule.memberId;
  }
};

/**
 * What each share gives of an amount that goes back to the buyer, in proportion to what is left of each.
 * `left` are the shares less what was taken back before. No share gives more than it has left, and taking
 * back everything that is left takes exactly that: however many partial refunds there are, together they
 * are the shares. Amounts are positive. Throws RangeError for more than there is left.
 */
export const takeBack = (left: readonly Share[], amount: Money): readonly Share[] => {
  const total = sum(
    left.map((share) => share.amount),
    amount.currency,
  );
  if (amount.amountMinor < 0n || amount.amountMinor > total.amountMinor) {
    throw new RangeError('what is taken back is a part of what is left');
  }
  if (total.amountMinor === 0n) return left;
  const parts = allocate(
    amount,
    left.map((share) => share.amount.amountMinor),
  );
  return left.map((share, line) => ({
    ...share,
    amount: parts[line] ?? money(0n, amount.currency),
  }));
};
