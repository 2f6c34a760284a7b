import type { AccountId, CommunityId } from '@lyceum/contracts';
import { type Connection, idIn, type PageArgs, parsePage, toConnection } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import type { Invoice } from './invoice.type';
import { selectInvoices, selectSubscriptions } from './rows';
import type { ProductSubscription, SubscriptionId } from './subscription.type';

/** Of an account, or of a community; newest first. */
export const subscriptionsOf = async (
  db: EntityManager,
  of: { readonly accountId: AccountId } | { readonly communityId: CommunityId },
  page: PageArgs,
): Promise<Connection<ProductSubscription>> => {
  const [column, id] =
    'accountId' in of ? ['account_id', of.accountId] : ['community_id', of.communityId];
  const list = `subscriptions:${column}:${id}`;
  const { first, after } = parsePage(list, page);
  const rows = await selectSubscriptions(
    db,
    `subscription.${column} = $1 AND ($2::uuid IS NULL OR subscription.id < $2)
     ORDER BY subscription.id DESC LIMIT $3`,
    [id, idIn(after), first + 1],
  );
  return toConnection(rows, { list, first, positionOf: (row) => [row.id] });
};

/** What a subscription asked for, newest first. */
export const invoicesOf = async (
  db: EntityManager,
  subscriptionId: SubscriptionId,
  page: PageArgs,
): Promise<Connection<Invoice>> => {
  const list = `invoices:${subscriptionId}`;
  const { first, after } = parsePage(list, page);
  const rows = await selectInvoices(
    db,
    `subscription_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [subscriptionId, idIn(after), first + 1],
  );
  return toConnection(rows, { list, first, positionOf: (row) => [row.id] });
};
