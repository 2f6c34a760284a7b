import { isId, may, type CommunityId } from '@lyceum/contracts';
import { forbidden, requireUser, useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { recordAudit } from '../audit/record-audit';
import { spend } from '../limits';
import { ownRole } from '../memberships/member.queries';
import { parseCurrency, parseLine, parseLocale, parsePlainText, parseTimeZone } from '../text';
import { Community } from './community.entity';
import { CommunityNotFound } from './community.errors';
import { lockCommunity } from './community.queries';
import { communityLengths } from './create-community';
import { tellSettings } from './tell-settings';

@InputType({ description: 'What is left out stays as it is.' })
export class UpdateCommunityInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => String, { nullable: true }) name?: string | null;
  @Field(() => String, { nullable: true }) description?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'IANA name. All metrics by day are computed again, in days of the new zone.',
  })
  timeZone?: string | null;
  @Field(() => String, { nullable: true }) currency?: string | null;
  @Field(() => String, { nullable: true }) locale?: string | null;
}

export const UpdateCommunityResult = createUnionType({
  name: 'UpdateCommunityResult',
  types: () => [Community, CommunityNotFound] as const,
});
export type UpdateCommunityOutcome = Community | CommunityNotFound;

export const updateCommunity = async (
  ctx: Ctx,
  input: UpdateCommunityInput,
): Promise<UpdateCommunityOutcome> => {
  if (input.timeZone != null)
    await spend(ctx, 'timeZone', `${requireUser(ctx).accountId} ${input.communityId}`);
  return update(ctx, input);
};

const update = useCase(async (tx, input: UpdateCommunityInput): Promise<UpdateCommunityOutcome> => {
  if (!isId(input.communityId)) return new CommunityNotFound();
  const community = await lockCommunity(tx, input.communityId);
  if (community === null) return new CommunityNotFound();
  if (!may(await ownRole(tx, community.id), 'community.update')) throw forbidden();

  const changes = changesOf(input);
  const isMoved = changes.timeZone !== undefined && changes.timeZone !== community.timeZone;
  Object.assign(community, changes);
  if (isMoved) await tellSettings(tx, community);
  await tx.db.query(
    'UPDATE community SET name = $2, description = $3, currency = $4, locale = $5 WHERE id = $1',
    [community.id, community.name, community.description, community.currency, community.locale],
  );
  await recordAudit(tx, {
    action: 'community.updated',
    communityId: community.id,
    subject: { type: 'Community', id: community.id },
    details: { fields: Object.keys(changes).sort().join(' ') },
  });
  return community;
});

const changesOf = (input: UpdateCommunityInput): Partial<Community> => ({
  ...(input.name == null
    ? {}
    : { name: parseLine('name', input.name, { max: communityLengths.name }) }),
  ...(input.description == null
    ? {}
    : {
        description: parsePlainText('description', input.description, {
          max: communityLengths.description,
        }),
      }),
  ...(input.timeZone == null ? {} : { timeZone: parseTimeZone('timeZone', input.timeZone) }),
  ...(input.currency == null ? {} : { currency: parseCurrency('currency', input.currency) }),
  ...(input.locale == null ? {} : { locale: parseLocale('locale', input.locale) }),
});
