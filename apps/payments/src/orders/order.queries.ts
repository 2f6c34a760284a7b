import { isId, type AccountId, type CommunityId } from '@lyceum/contracts';
import {
  type BatchQuery,
  type Connection,
  type Ctx,
  groupBy,
  idIn,
  type PageArgs,
  parsePage,
  toConnection,
} from '@lyceum/platform';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { membershipOf } from '../communities/membership.queries';
import { linesOf, selectOrders, type Order, type OrderLine } from './order.type';
import { selectPayments, type Payment } from './payment.type';

/** The order, for its buyer and for who manages the catalogue it was bought from; null for anybody else. */
export const visibleOrder = async (ctx: Ctx, id: string): Promise<Order | null> => {
  if (ctx.actor.kind !== 'user' || !isId(id)) return null;
  const [order] = await selectOrders(ctx.db, 'id = $1', [id]);
  if (order === undefined) return null;
  const { accountId } = ctx.actor;
  if (order.buyerId === accountId) return order;
  const { communityId } = order;
  return canManageCatalogue(await membershipOf(ctx.db, { communityId, accountId })) ? order : null;
};

type Owner =
  | { readonly column: 'buyer_id'; readonly id: AccountId }
  | { readonly column: 'community_id'; readonly id: CommunityId };

/** Newest first: ids are time-ordered. */
export const ordersOf = async (
  ctx: Ctx,
  { column, id }: Owner,
  page: PageArgs,
): Promise<Connection<Order>> => {
  const list = `orders:${column}:${id}`;
  const { first, after } = parsePage(list, page);
  const rows = await selectOrders(
    ctx.db,
    `${column} = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [id, idIn(after), first + 1],
  );
  return toConnection(rows, { list, first, positionOf: (order) => [order.id] });
};

export const linesByOrder: BatchQuery<string, readonly OrderLine[]> = async (ctx, ids) =>
  groupBy(await linesOf(ctx.db, ids), ({ orderId }) => orderId as string);

export const paymentsByOrder: BatchQuery<string, readonly Payment[]> = async (ctx, ids) =>
  groupBy(
    await selectPayments(ctx.db, 'order_id = ANY($1::uuid[]) ORDER BY id', [ids]),
    ({ orderId }) => orderId as string,
  );
