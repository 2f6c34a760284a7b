import type { CommunityId } from '@lyceum/contracts';
import {
  badInput,
  parsePage,
  toConnection,
  type BatchQuery,
  type Connection,
  type PageArgs,
} from '@lyceum/platform';
import { In, IsNull, LessThan, type EntityManager } from 'typeorm';
import type { ProductId } from '../catalogue/product.entity';
import { SplitTable, type IncomeStream, type SplitTableId } from './split-table.entity';

/** What a table is for: a product, a community (product null), or everything (both null). */
export interface SplitScope {
  readonly communityId: CommunityId | null;
  readonly productId: ProductId | null;
  readonly stream: IncomeStream;
}

/**
 * The table that divides what is paid at that time. There always is one: the product's own, else the
 * community's, else the platform's.
 */
export const splitInForce = async (
  db: EntityManager,
  scope: SplitScope,
  at: Date,
): Promise<SplitTable> => {
  const table = await db
    .createQueryBuilder(SplitTable, 'split')
    .where('split.stream = :stream AND split.effectiveAt <= :at', { stream: scope.stream, at })
    .andWhere(
      `(split.productId = :productId
        OR split.productId IS NULL AND (split.communityId = :communityId OR split.communityId IS NULL))`,
      { productId: scope.productId, communityId: scope.communityId },
    )
    .orderBy('split.product_id IS NULL')
    .addOrderBy('split.community_id IS NULL')
    .addOrderBy('split.version', 'DESC')
    .limit(1)
    .comment('splits.in-force')
    .getOne();
  if (table === null) throw new Error('the platform has lost its own split table');
  return table;
};

export const splitTablesById: BatchQuery<SplitTableId, SplitTable> = async (ctx, ids) => {
  const tables = await ctx.db.findBy(SplitTable, { id: In([...ids]) });
  return new Map(tables.map((table) => [table.id, table]));
};

/** The number of the last version of exactly this scope; 0 when it has none of its own. */
export const lastVersion = async (db: EntityManager, scope: SplitScope): Promise<number> =>
  (await db.maximum(SplitTable, 'version', exactly(scope))) ?? 0;

/** The versions of exactly this scope, newest first, those to come included. */
export const splitHistory = async (
  db: EntityManager,
  scope: SplitScope,
  page: PageArgs,
): Promise<Connection<SplitTable>> => {
  const list = `splits:${scope.communityId ?? ''}:${scope.productId ?? ''}:${scope.stream}`;
  const { first, after } = parsePage(list, page);
  const [before] = after ?? [];
  if (before !== undefined && !Number.isSafeInteger(before))
    throw badInput('"after" is not a cursor of this list.');
  const rows = await db.find(SplitTable, {
    where: {
      ...exactly(scope),
      ...(before === undefined ? {} : { version: LessThan(Number(before)) }),
    },
    order: { version: 'DESC' },
    take: first + 1,
    comment: 'splits.history',
  });
  return toConnection(rows, { list, first, positionOf: ({ version }) => [version] });
};

const exactly = ({ communityId, productId, stream }: SplitScope) => ({
  communityId: communityId ?? IsNull(),
  productId: productId ?? IsNull(),
  stream,
});
