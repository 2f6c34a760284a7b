import type { AccountId, CommunityId } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import type { EntityManager } from 'typeorm';
import { Directive, Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { MoneyType, toMoneyType } from '../graph/money.type';
import type { PlacementId } from './ad-token';

export enum AdLabel {
  SPONSORED = 'sponsored',
}
registerEnumType(AdLabel, {
  name: 'AdLabel',
  description: 'What has to stand beside it wherever it is shown.',
});

export enum AdStatus {
  AWAITING_PAYMENT = 'awaiting-payment',
  IN_REVIEW = 'in-review',
  RUNNING = 'running',
  REFUSED = 'refused',
  ENDED = 'ended',
}
registerEnumType(AdStatus, {
  name: 'AdStatus',
  valuesConfig: {
    AWAITING_PAYMENT: { description: 'Its budget is not paid yet.' },
    IN_REVIEW: { description: 'Paid; who manages the catalogue has not looked at it yet.' },
    RUNNING: { description: 'Shown within its days, while there is budget left.' },
    REFUSED: { description: 'It is not shown; what was paid goes back.' },
    ENDED: { description: 'Over; what was not used goes back.' },
  },
});

@Directive('@key(fields: "id", resolvable: false)')
@ObjectType('AdPlacement', {
  description:
    'What somebody pays to have shown in a community. For its advertiser and who manages the catalogue.',
})
export class AdPlacement {
  @Field(() => ID) readonly id!: PlacementId;
  readonly communityId!: CommunityId;
  readonly accountId!: AccountId;
  readonly orderId!: string;
  @Field(() => AdStatus) readonly status!: string;
  readonly isFrozen!: boolean;
  @Field(() => String, { description: 'Who pays for it, as readers see it.' })
  readonly advertiser!: string;
  @Field(() => String) readonly title!: string;
  @Field(() => String) readonly text!: string;
  @Field(() => String) readonly url!: string;
  @Field(() => [String], { description: 'Beside what it is shown; everything when empty.' })
  readonly topics!: readonly string[];
  readonly currency!: Currency;
  readonly budgetMinor!: bigint;
  readonly impressionMilli!: bigint;
  readonly clickMilli!: bigint;
  @Field(() => Int, { description: 'How often one viewer counts on one day.' })
  readonly viewerCap!: number;
  @Field(() => Date) readonly startsAt!: Date;
  @Field(() => Date) readonly endsAt!: Date;
  readonly chargedMinor!: bigint;
  readonly carriedMilli!: number;
  readonly movements!: number;

  @Field(() => MoneyType, { description: 'What was paid in, after the provider’s fee.' })
  get budget(): MoneyType {
    return toMoneyType(money(this.budgetMinor, this.currency));
  }

  @Field(() => MoneyType) get perThousandImpressions(): MoneyType {
    return toMoneyType(money(this.impressionMilli, this.currency));
  }

  @Field(() => MoneyType) get perClick(): MoneyType {
    return toMoneyType(money(this.clickMilli / 1_000n, this.currency));
  }

  get charged(): Money {
    return money(this.chargedMinor, this.currency);
  }
}

@ObjectType({ description: 'What came of a placement.' })
export class AdReport {
  @Field(() => Int) impressions!: number;
  @Field(() => Int) clicks!: number;
  @Field(() => Float, {
    nullable: true,
    description: 'Clicks of an impression; null before the first.',
  })
  clickThroughRate!: number | null;
  @Field(() => MoneyType, { description: 'Charged to the budget.' }) spend!: MoneyType;
  @Field(() => Int, { description: 'By the advertiser and the posts’ authors: not charged.' })
  selfViews!: number;
  @Field(() => Int, { description: 'By programs that say so: not charged.' }) crawlerViews!: number;
  @Field(() => Int, { description: 'Of viewers who had seen it often enough: not charged.' })
  capped!: number;
  @Field(() => Int, { description: 'When nothing was left: not charged.' }) overBudget!: number;
}

@ObjectType('SponsoredContent', {
  description: 'Something to show, labelled as what it is.',
})
export class ShownAd {
  @Field(() => ID) placementId!: PlacementId;
  @Field(() => AdLabel) label!: AdLabel;
  @Field(() => String, { description: 'Who pays for it.' }) advertiser!: string;
  @Field(() => String) title!: string;
  @Field(() => String) text!: string;
  @Field(() => String) url!: string;
  @Field(() => String, {
    description: 'Of this showing; `recordAdEvents` takes it within a day, and counts it once.',
  })
  token!: string;
}

const columns = `id, community_id AS "communityId", account_id AS "accountId", order_id AS "orderId", status,
  is_frozen AS "isFrozen", advertiser, title, text, url, topics, currency, budget_minor AS "budgetMinor",
  impression_milli AS "impressionMilli", click_milli AS "clickMilli", viewer_cap AS "viewerCap",
  starts_at AS "startsAt", ends_at AS "endsAt", charged_minor AS "chargedMinor", carried_milli AS "carriedMilli",
  movements`;

type Row = Omit<AdPlacement, 'budgetMinor' | 'impressionMilli' | 'clickMilli' | 'chargedMinor'> &
  Record<'budgetMinor' | 'impressionMilli' | 'clickMilli' | 'chargedMinor', string>;

/** Placements that match; `where` is SQL of ours, with its parameters from $1. */
export const selectPlacements = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<AdPlacement[]> => {
  const rows = await db.query<Row[]>(`SELECT ${columns} FROM ad_placement WHERE ${where}`, [
    ...parameters,
  ]);
  return rows.map((row) =>
    Object.assign(new AdPlacement(), row, {
      budgetMinor: BigInt(row.budgetMinor),
      impressionMilli: BigInt(row.impressionMilli),
      clickMilli: BigInt(row.clickMilli),
      chargedMinor: BigInt(row.chargedMinor),
    }),
  );
};

/** The placement, and nobody else changes it or charges it until the transaction ends. */
export const lockPlacement = async (db: EntityManager, id: string): Promise<AdPlacement | null> =>
  (await selectPlacements(db, 'id = $1 FOR UPDATE', [id]))[0] ?? null;
