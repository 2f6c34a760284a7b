import { registerEnumType } from 'type-graphql';

export enum ProductKind {
  ARTICLE = 'article',
  COURSE = 'course',
  MEMBERSHIP = 'membership',
  BUNDLE = 'bundle',
  CONSULTING = 'consulting',
  SEAT_PACK = 'seat-pack',
  EVENT_TICKET = 'event-ticket',
  SPONSORSHIP = 'sponsorship',
}
registerEnumType(ProductKind, {
  name: 'ProductKind',
  description: 'What a buyer gets.',
  valuesConfig: {
    ARTICLE: { description: 'One article, to keep.' },
    COURSE: { description: 'One course, to keep.' },
    MEMBERSHIP: { description: "The community's benefits, for a period or for life." },
    BUNDLE: { description: 'Several products at one price.' },
    CONSULTING: { description: 'Time with a person.' },
    SEAT_PACK: { description: 'Seats that a team gives to its people.' },
    EVENT_TICKET: { description: 'A place at an event.' },
    SPONSORSHIP: { description: 'A sponsor, shown as one.' },
  },
});

export enum BillingInterval {
  ONE_OFF = 'one-off',
  MONTH = 'month',
  YEAR = 'year',
}
registerEnumType(BillingInterval, {
  name: 'BillingInterval',
  description: 'How often a price is paid.',
});

const recurring = [BillingInterval.ONE_OFF, BillingInterval.MONTH, BillingInterval.YEAR];
const once = [BillingInterval.ONE_OFF];

/** How each kind may be paid for. A membership paid once is one for life. */
export const intervalsOf: Readonly<Record<ProductKind, readonly BillingInterval[]>> = {
  [ProductKind.ARTICLE]: once,
  [ProductKind.COURSE]: once,
  [ProductKind.MEMBERSHIP]: recurring,
  [ProductKind.BUNDLE]: once,
  [ProductKind.CONSULTING]: once,
  [ProductKind.SEAT_PACK]: recurring,
  [ProductKind.EVENT_TICKET]: once,
  [ProductKind.SPONSORSHIP]: recurring,
};

/** What buyers may be let to pay at will. Seats and hours are counted, and so are their prices. */
export const paidAtWill: readonly ProductKind[] = [
  ProductKind.ARTICLE,
  ProductKind.COURSE,
  ProductKind.MEMBERSHIP,
  ProductKind.BUNDLE,
  ProductKind.EVENT_TICKET,
];
