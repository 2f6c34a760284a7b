/** What an account is for decides how it behaves. One account a code, owner and currency. */
interface AccountTraits {
  /** The lowest balance it may have; null when it may go below zero without limit. */
  readonly floorMinor: bigint | null;
  /**
   * Whether nearly every transfer touches it. A hot account is never locked: its entries add up in
   * `ledger_hot_delta` until they are folded into its balance, so it can have no floor.
   */
  readonly isHot: boolean;
  readonly description: string;
}

const holding = { floorMinor: 0n, isHot: false };
const open = { floorMinor: null, isHot: false };
const hot = { floorMinor: null, isHot: true };

/**
 * The chart of accounts. A positive entry is what an account receives, a negative one what it gives; what
 * comes from outside is given by the account of the provider that holds it, which is therefore below zero until
 * it is paid out.
 */
export const chart = {
  'member-wallet': { ...holding, description: 'What a member has to spend.' },
  'creator-earnings': {
    ...open,
    description: 'What an author has earned; below zero is a debt, settled from later income.',
  },
  'platform-fee': { ...hot, description: "The platform's share." },
  'provider-balance': {
    ...hot,
    description:
      'What a provider holds for the platform: below zero, because it came from outside. One a provider.',
  },
  'provider-clearing': {
    ...hot,
    description: 'Payments received and not yet assigned to what they pay for. Goes back to zero.',
  },
  'provider-fee': { ...hot, description: 'What providers keep.' },
  refunds: { ...hot, description: 'Money on its way back to buyers. Goes back to zero.' },
  disputes: {
    ...open,
    description: 'Money frozen until a dispute is decided; zero when there is none.',
  },
  payouts: {
    ...hot,
    description: 'Earnings on their way to their creators. Goes back to zero.',
  },
  taxes: { ...hot, description: 'Taxes collected and not yet paid.' },
  sponsors: { ...holding, description: 'What sponsors have paid in and not yet used.' },
  escrow: {
    ...holding,
    description:
      'Paid for what is not delivered yet. One a booking or commission; goes back to zero.',
  },
  gifts: { ...holding, description: 'Gifts bought and not yet redeemed.' },
  'prize-pools': {
    ...holding,
    description: 'Paid in for prizes and not yet won. One a contest, or awards of a community.',
  },
} as const satisfies Readonly<Record<string, AccountTraits>>;

export type AccountCode = keyof typeof chart;

export const traitsOf = (code: AccountCode): AccountTraits => chart[code];
