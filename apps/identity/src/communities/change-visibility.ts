import { isId, may, type CommunityId } from '@lyceum/contracts';
import { forbidden, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { recordAudit } from '../audit/record-audit';
import { ownRole } from '../memberships/member.queries';
import { parsePlainText } from '../text';
import { Community, CommunityVisibility } from './community.entity';
import { CommunityNotFound } from './community.errors';
import { lockCommunity } from './community.queries';
import { tellSettings } from './tell-settings';

@InputType({ description: 'Who is to see a community and what is in it, and why.' })
export class ChangeVisibilityInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => CommunityVisibility) visibility!: CommunityVisibility;
  @Field(() => String, { nullable: true, description: 'Plain text, at most 1000 characters.' })
  reason?: string | null;
}

export const ChangeVisibilityResult = createUnionType({
  name: 'ChangeVisibilityResult',
  types: () => [Community, CommunityNotFound] as const,
});
export type ChangeVisibilityOutcome = Community | CommunityNotFound;

/**
 * Also to all that was written before: what members wrote for themselves can be laid open, so it takes an owner. Its
 * members stay; requests to join are decided as before.
 */
export const changeVisibility = useCase(
  async (tx, input: ChangeVisibilityInput): Promise<ChangeVisibilityOutcome> => {
    const community = isId(input.communityId) ? await lockCommunity(tx, input.communityId) : null;
    if (community === null) return new CommunityNotFound();
    if (!may(await ownRole(tx, community.id), 'community.show')) throw forbidden();
    const { visibility: from } = community;
    if (from === input.visibility) return community;

    community.visibility = input.visibility;
    await tellSettings(tx, community);
    await recordAudit(tx, {
      action: 'community.visibility-changed',
      communityId: community.id,
      subject: { type: 'Community', id: community.id },
      details: { from, to: community.visibility },
      reason: input.reason == null ? null : parsePlainText('reason', input.reason, { max: 1_000 }),
    });
    return community;
  },
);
