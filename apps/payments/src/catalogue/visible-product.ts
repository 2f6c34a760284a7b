import { load, type Ctx } from '@lyceum/platform';
import { isVisible } from '../communities/standing';
import type { Product } from './product.entity';
import { productsById } from './product.queries';

/** The product, or null when there is none that the actor may see. */
export const visibleProduct = async (ctx: Ctx, id: string): Promise<Product | null> => {
  const product = await load(ctx, productsById, id);
  return product !== null && (await isVisible(ctx, product.communityId)) ? product : null;
};
