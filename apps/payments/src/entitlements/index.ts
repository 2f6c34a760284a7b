import { isId } from '@lyceum/contracts';
import type { ReferenceResolver } from '@lyceum/platform';
import {
  Article,
  ArticleOffersResolver,
  EntitlementResolver,
  ProductEntitlementResolver,
} from './entitlement.resolver';
import { recordArticleAccess } from './record-article-access.consumer';

const references: Readonly<Record<string, ReferenceResolver>> = {
  // The key is all that this subgraph needs; content knows whether there is such an article, and who may see it.
  Article: ({ id }) => (isId(id) ? { id } : null),
};

export const entitlements = {
  resolvers: [EntitlementResolver, ArticleOffersResolver, ProductEntitlementResolver],
  types: [Article], // nothing of this subgraph points to it
  references,
  consumers: [recordArticleAccess],
};
