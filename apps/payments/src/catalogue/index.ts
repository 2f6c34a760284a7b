import { isId } from '@lyceum/contracts';
import type { ReferenceResolver } from '@lyceum/platform';
import {
  InvalidPrices,
  InvalidTitle,
  NotCatalogueManager,
  ProductHasChanged,
  ProductIsArchived,
  ProductNotFound,
} from './catalogue.errors';
import {
  CommunityCatalogueResolver,
  ProductResolver,
  ProductVersionResolver,
} from './product.resolver';
import { visibleProduct } from './visible-product';

const references: Readonly<Record<string, ReferenceResolver>> = {
  Product: ({ id }, ctx) => visibleProduct(ctx, id),
  // The key is all that this subgraph needs; identity knows whether there is such a community.
  Community: ({ id }) => (isId(id) ? { id } : null),
};

export const catalogue = {
  resolvers: [ProductResolver, ProductVersionResolver, CommunityCatalogueResolver],
  types: [
    NotCatalogueManager,
    ProductNotFound,
    ProductIsArchived,
    ProductHasChanged,
    InvalidTitle,
    InvalidPrices,
  ],
  references,
};
