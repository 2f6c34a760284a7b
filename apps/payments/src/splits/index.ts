import { InvalidSplit, SplitHasChanged } from './propose-split';
import {
  CommunitySplitResolver,
  ProductSplitResolver,
  SplitShareRuleResolver,
  SplitTableResolver,
} from './split.resolver';

export const splits = {
  resolvers: [
    SplitTableResolver,
    SplitShareRuleResolver,
    ProductSplitResolver,
    CommunitySplitResolver,
  ],
  types: [InvalidSplit, SplitHasChanged],
};
