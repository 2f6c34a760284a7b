import { CampaignCodeTaken, CampaignNotFound, InvalidCampaign } from './campaign.errors';
import {
  CampaignResolver,
  CommunityCampaignResolver,
  OrderCampaignResolver,
} from './campaign.resolver';

export const campaigns = {
  resolvers: [CampaignResolver, CommunityCampaignResolver, OrderCampaignResolver],
  types: [CampaignNotFound, CampaignCodeTaken, InvalidCampaign],
};
