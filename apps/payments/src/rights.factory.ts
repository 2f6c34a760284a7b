import type { AccountId, MemberId } from '@lyceum/contracts';
import { isActive, type ActorName, type Whose } from '@lyceum/testing';

export interface Person {
  readonly id: AccountId;
  readonly accountId: AccountId;
  readonly memberId: MemberId;
}

/** For tests, as a client writes it. */
export const price = (amountMinor = '1234') => ({ amount: { amountMinor, currency: 'CNY' } });

export const manage = {
  right: 'catalogue.manage',
  refusals: ['NOT_CATALOGUE_MANAGER', 'PRODUCT_NOT_FOUND'],
} as const;

export const byAccount = (actor: ActorName, whose: Whose): boolean =>
  whose === 'own' && actor !== 'nobody';

export const subscriber = {
  may: byAccount,
  whose: ['own', 'other'],
  refusals: ['SUBSCRIPTION_NOT_FOUND'],
} as const;

export const buyerOrManager = (actor: ActorName, whose: Whose): boolean =>
  byAccount(actor, whose) || actor === 'owner' || actor === 'admin';

export const once = { whose: ['other'] as const };
export const shares = [{ party: 'PLATFORM', basisPoints: 10_000 }];

export const ofEntity = (type: string, field: string) =>
  `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${field} } } }`;

/** Who put a product on sale knows and says what it costs, too. */
export const sellerOrManager = (actor: ActorName, whose: Whose): boolean =>
  isActive(actor) && (whose === 'own' || actor === 'owner' || actor === 'admin');
