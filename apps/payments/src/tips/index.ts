import { recordAuthors } from './record-authors.consumer';
import { InvalidTip, OwnContent, TipTargetNotFound } from './tip';
import { TipResolver } from './tip.resolver';

export const tips = {
  resolvers: [TipResolver],
  types: [TipTargetNotFound, OwnContent, InvalidTip],
  consumers: [recordAuthors],
};
