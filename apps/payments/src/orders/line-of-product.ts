import type { MemberId } from '@lyceum/contracts';
import type { Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import { ProductVersion } from '../catalogue/product-version.entity';
import type { Price } from '../catalogue/price.entity';
import type { Product } from '../catalogue/product.entity';
import { IncomeStream } from '../splits/split-table.entity';
import { splitInForce } from '../splits/split.queries';
import type { NewLine, NewOrder } from './place-order';

/** What is ordered: a product at one of its prices, and the amount that comes to. */
export interface Ordered {
  readonly product: Product;
  readonly price: Price;
  readonly amount: Money;
}

/** The line of an order for a product at one of its prices, under the split that is in force. */
export const lineOfProduct = async (
  tx: Tx,
  { product, price, amount }: Ordered,
): Promise<NewLine> => {
  const { communityId, id: productId } = product;
  const scope = { communityId, productId, stream: IncomeStream.SALES };
  return {
    purpose: 'product',
    productId,
    productVersion: price.version,
    priceId: price.id,
    title: product.title,
    amount,
    splitId: (await splitInForce(tx.db, scope, tx.now)).id,
    earnerId: product.earnerId ?? (await authorOf(tx, product)) ?? product.createdById,
  };
};

/** Who wrote the one article that the product is about. */
const authorOf = async (tx: Tx, { id }: Product): Promise<MemberId | null> => {
  const rows = await tx.db.query<{ authorId: MemberId | null }[]>(
    `SELECT article.author_id AS "authorId" FROM product_item AS item
       LEFT JOIN paid_article AS article ON article.article_id = item.subject_id
     WHERE item.product_id = $1`,
    [id],
  );
  return rows.length === 1 ? (rows[0]?.authorId ?? null) : null;
};

/** The terms of the product's present version. */
export const refundPolicyOf = async (
  tx: Tx,
  { id, version }: Product,
): Promise<NewOrder['refundPolicy']> => {
  const terms = await tx.db.findOneByOrFail(ProductVersion, { productId: id, number: version });
  return { windowDays: terms.refundWindowDays, endsAccess: terms.refundEndsAccess };
};
