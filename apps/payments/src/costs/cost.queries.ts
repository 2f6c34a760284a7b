import { money, type Currency, type Money } from '@lyceum/money';
import {
  type BatchQuery,
  type Connection,
  idIn,
  type PageArgs,
  parsePage,
  toConnection,
} from '@lyceum/platform';
import { LessThan, type EntityManager } from 'typeorm';
import type { Product } from '../catalogue/product.entity';
import { CostCategory, ProductCost, type ProductCostId } from './product-cost.entity';

/** What the figures of a product are loaded by: days are inclusive, and UTC's; null is without bound. */
export interface FiguresOf {
  readonly productId: string;
  readonly currency: Currency;
  readonly from: string | null;
  readonly to: string | null;
}

export interface Figures {
  readonly sales: Money;
  /** What went back: refunds and lost disputes. Positive. */
  readonly returned: Money;
  readonly costs: ReadonlyMap<CostCategory, Money>;
}

export const figuresKey = ({ productId, currency, from, to }: FiguresOf): string =>
  JSON.stringify([productId, currency, from, to]);

interface FiguresRow {
  readonly key: string;
  readonly sales: string;
  readonly returned: string;
  readonly production: string;
  readonly operations: string;
  readonly promotion: string;
  readonly currency: Currency;
}

/** By `figuresKey`: one statement for however many products. */
export const figuresByKey: BatchQuery<string, Figures> = async (ctx, keys) => {
  const rows = await ctx.db.query<FiguresRow[]>(figuresSql, [keys]);
  return new Map(rows.map((row) => [row.key, toFigures(row)]));
};

const figuresSql = `/* costs.figures */
  SELECT asked.key, asked.currency, revenue.sales, revenue.returned, cost.*
  FROM (
    SELECT key, (key::jsonb ->> 0)::uuid AS product_id, key::jsonb ->> 1 AS currency,
      coalesce((key::jsonb ->> 2)::date, '-infinity') AS first, coalesce((key::jsonb ->> 3)::date, 'infinity') AS last
    FROM unnest($1::text[]) AS key
  ) AS asked,
  LATERAL (
    SELECT coalesce(sum(amount_minor) FILTER (WHERE kind IN ('sale', 'dispute-won')), 0)::text AS sales,
      coalesce(-sum(amount_minor) FILTER (WHERE kind IN ('refund', 'dispute')), 0)::text AS returned
    FROM product_revenue
    WHERE product_id = asked.product_id AND currency = asked.currency
      AND (occurred_at AT TIME ZONE 'UTC')::date BETWEEN asked.first AND asked.last
  ) AS revenue,
  LATERAL (
    SELECT coalesce(sum(amount_minor) FILTER (WHERE category = 'production'), 0)::text AS production,
      coalesce(sum(amount_minor) FILTER (WHERE category = 'operations'), 0)::text AS operations,
      coalesce(sum(amount_minor) FILTER (WHERE category = 'promotion'), 0)::text AS promotion
    FROM product_cost
    WHERE product_id = asked.product_id AND currency = asked.currency
      AND incurred_on BETWEEN asked.first AND asked.last
  ) AS cost`;

const toFigures = ({ currency, sales, returned, ...costs }: FiguresRow): Figures => {
  const amount = (digits: string): Money => money(BigInt(digits), currency);
  return {
    sales: amount(sales),
    returned: amount(returned),
    costs: new Map([
      [CostCategory.PRODUCTION, amount(costs.production)],
      [CostCategory.OPERATIONS, amount(costs.operations)],
      [CostCategory.PROMOTION, amount(costs.promotion)],
    ]),
  };
};

/** Newest first, voided ones and what voids them included. */
export const costsOfProduct = async (
  db: EntityManager,
  product: Product,
  page: PageArgs,
): Promise<Connection<ProductCost>> => {
  const list = `costs:${product.id}`;
  const { first, after } = parsePage(list, page);
  const before = idIn(after);
  const rows = await db.find(ProductCost, {
    where: {
      productId: product.id,
      ...(before === null ? {} : { id: LessThan(before as ProductCostId) }),
    },
    order: { id: 'DESC' },
    take: first + 1,
    comment: 'costs.of-product',
  });
  return toConnection(rows, { list, first, positionOf: ({ id }) => [id] });
};
