import { canManageCatalogue } from '../catalogue/catalogue.policy';
import type { Product } from '../catalogue/product.entity';
import type { Membership } from '../communities/membership.entity';

/** Who put a product on sale, and who manages the catalogue, know what it costs and brings in. */
export const canSeeReturns = (membership: Membership | null, product: Product): boolean =>
  canManageCatalogue(membership) ||
  (membership?.status === 'active' && membership.memberId === product.createdById);
