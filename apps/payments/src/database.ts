import type { AppDatabase } from '@lyceum/platform';
import { Price } from './catalogue/price.entity';
import { ProductVersion } from './catalogue/product-version.entity';
import { Product } from './catalogue/product.entity';
import { KnownCommunity } from './communities/community.entity';
import { Membership } from './communities/membership.entity';
import { CatalogueTables1750000300000 } from './migrations/1750000300000-catalogue-tables';
import { Referrals1750000380000 } from './migrations/1750000380000-referrals';
import { ProductCost } from './costs/product-cost.entity';
import { LedgerTables1750000310000 } from './migrations/1750000310000-ledger-tables';
import { CostTables1750000330000 } from './migrations/1750000330000-cost-tables';
import { SplitTables1750000319000 } from './migrations/1750000319000-split-tables';
import { OrderTables1750000320000 } from './migrations/1750000320000-order-tables';
import { WebhookTables1750000321000 } from './migrations/1750000321000-webhook-tables';
import { RefundTables1750000322000 } from './migrations/1750000322000-refund-tables';
import { WebhookEndpointTables1750000323000 } from './migrations/1750000323000-webhook-endpoint-tables';
import { LedgerSeals1750000324000 } from './migrations/1750000324000-ledger-seals';
import { LedgerBatchChecks1750000360000 } from './migrations/1750000360000-ledger-batch-checks';
import { SandboxRefunds1750000361000 } from './migrations/1750000361000-sandbox-refunds';
import { SplitTable } from './splits/split-table.entity';
import { Campaign } from './campaigns/campaign.entity';
import { Coupon } from './coupons/coupon.entity';
import { CouponTables1750000331000 } from './migrations/1750000331000-coupon-tables';
import { SubscriptionTables1750000332000 } from './migrations/1750000332000-subscription-tables';
import { PayoutTables1750000333000 } from './migrations/1750000333000-payout-tables';
import { PaymentMethods1750000350000 } from './migrations/1750000350000-payment-methods';
import { CommunityVersions1750000371000 } from './migrations/1750000371000-community-versions';
import { DisputeFees1750000351000 } from './migrations/1750000351000-dispute-fees';
import { SponsorsAndAds1750000352000 } from './migrations/1750000352000-sponsors-and-ads';
import { ChargingProvider1750000353000 } from './migrations/1750000353000-charging-provider';
import { TipTables1750000334000 } from './migrations/1750000334000-tip-tables';
import { PrizeTables1750000370000 } from './migrations/1750000370000-prize-tables';
import { ChosenAmounts1750000340000 } from './migrations/1750000340000-chosen-amounts';
import { HeldMoney1750000341000 } from './migrations/1750000341000-held-money';
import { BookingTables1750000342000 } from './migrations/1750000342000-booking-tables';
import { SeatTables1750000343000 } from './migrations/1750000343000-seat-tables';
import { GiftTables1750000344000 } from './migrations/1750000344000-gift-tables';
import { CommissionTables1750000345000 } from './migrations/1750000345000-commission-tables';
import { Campaigns1750000381000 } from './migrations/1750000381000-campaigns';
import { CommissionAnswers1750000382000 } from './migrations/1750000382000-commission-answers';

export const database: AppDatabase = {
  entities: [
    KnownCommunity,
    Membership,
    Product,
    ProductVersion,
    Price,
    SplitTable,
    ProductCost,
    Coupon,
    Campaign,
  ],
  migrations: [
    CatalogueTables1750000300000,
    LedgerTables1750000310000,
    SplitTables1750000319000,
    OrderTables1750000320000,
    WebhookTables1750000321000,
    Referrals1750000380000,
    RefundTables1750000322000,
    WebhookEndpointTables1750000323000,
    LedgerSeals1750000324000,
    CostTables1750000330000,
    CouponTables1750000331000,
    SubscriptionTables1750000332000,
    PayoutTables1750000333000,
    TipTables1750000334000,
    LedgerBatchChecks1750000360000,
    SandboxRefunds1750000361000,
    CommunityVersions1750000371000,
    PrizeTables1750000370000,
    PaymentMethods1750000350000,
    DisputeFees1750000351000,
    SponsorsAndAds1750000352000,
    ChargingProvider1750000353000,
    ChosenAmounts1750000340000,
    HeldMoney1750000341000,
    BookingTables1750000342000,
    SeatTables1750000343000,
    GiftTables1750000344000,
    CommissionTables1750000345000,
    Campaigns1750000381000,
    CommissionAnswers1750000382000,
  ],
};
