import { UserError } from '@lyceum/platform';
import { ObjectType } from 'type-graphql';

@ObjectType({ implements: UserError })
export class CampaignNotFound extends UserError {
  readonly code = 'CAMPAIGN_NOT_FOUND' as const;
  readonly message = 'There is no such campaign.';
}

@ObjectType({ implements: UserError })
export class CampaignCodeTaken extends UserError {
  readonly code = 'CAMPAIGN_CODE_TAKEN' as const;
  readonly message = 'The community has, or had, a campaign of this code.';
}

@ObjectType({ implements: UserError })
export class InvalidCampaign extends UserError {
  readonly code = 'INVALID_CAMPAIGN' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}
