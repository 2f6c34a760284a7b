import * as errors from './ad.errors';
import { AdResolver, ArticleAdResolver, CommunityAdResolver } from './ad.resolver';
import { chargeAds, forgetAdEvents } from './charge-ads.job';

export const ads = {
  resolvers: [AdResolver, CommunityAdResolver, ArticleAdResolver],
  types: Object.values(errors),
  jobs: [chargeAds, forgetAdEvents],
};
