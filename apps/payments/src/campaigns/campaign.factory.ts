import assert from 'node:assert/strict';
import { newId } from '@lyceum/contracts';
import type { TestWorld } from '@lyceum/testing';
import type { aMember } from '../communities/membership.factory';
import { Campaign } from './campaign.entity';
import { createCampaign, type CreateCampaignInput } from './create-campaign';

/** For tests: a campaign for all that the owner's community sells, unless told otherwise. */
export const aCampaign = async (
  world: TestWorld,
  owner: Awaited<ReturnType<typeof aMember>>,
  input: Partial<CreateCampaignInput> = {},
): Promise<Campaign> => {
  const campaign = await createCampaign(world.as(owner), {
    ...{ communityId: owner.communityId, code: newId(), name: 'Spring', productIds: [] },
    ...input,
  });
  assert(campaign instanceof Campaign, JSON.stringify(campaign));
  return campaign;
};
