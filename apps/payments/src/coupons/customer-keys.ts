import type { AccountId } from '@lyceum/contracts';

/** The key by which an account is one customer; see `CouponRequest.customerKeys`. */
export const accountKey = (accountId: AccountId): string => `account ${accountId}`;

/** The key by which who pays with one card, from however many accounts, is one customer. */
export const cardKey = (fingerprint: string): string => `card ${fingerprint}`;
