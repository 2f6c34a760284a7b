import { registerEnumType } from 'type-graphql';

export enum ArticleAccess {
  FREE = 'free',
  PAID = 'paid',
}
registerEnumType(ArticleAccess, {
  name: 'ArticleAccess',
  description: 'For whom an article is.',
  valuesConfig: {
    FREE: { description: 'Who sees the community reads it.' },
    PAID: {
      description: 'Who bought it, or a membership of the community. Others see its preview.',
    },
  },
});
