import { GiftResolver } from './gift.resolver';
import { PurchasedGiftNotFound } from './gift.type';
import { GiftCode } from './redeem-purchased-gift';

export const giftPurchases = {
  resolvers: [GiftResolver],
  types: [GiftCode, PurchasedGiftNotFound],
};
