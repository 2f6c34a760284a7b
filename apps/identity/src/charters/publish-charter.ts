import { isId, may, type CommunityId } from '@lyceum/contracts';
import { badInput, forbidden, requireUser, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { CommunityNotFound } from '../communities/community.errors';
import { lockCommunity } from '../communities/community.queries';
import { memberOf, ownRole } from '../memberships/member.queries';
import { parsePlainText } from '../text';
import { Charter } from './charter.type';
import { writeAcceptance, writeCharter } from './charter.writes';

@InputType({
  description: 'The next version of goals and rules. Texts are plain, at most 20,000 characters.',
})
export class PublishCharterInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => String, { defaultValue: '' }) positioning!: string;
  @Field(() => String, { defaultValue: '' }) goals!: string;
  @Field(() => String) rules!: string;
  @Field(() => String, { defaultValue: '' }) codeOfConduct!: string;
  @Field(() => Date, { nullable: true, description: 'At once by default; not in the past.' })
  inForceFrom?: Date | null;
}

export const PublishCharterResult = createUnionType({
  name: 'PublishCharterResult',
  types: () => [Charter, CommunityNotFound] as const,
});
export type PublishCharterOutcome = Charter | CommunityNotFound;

/** Who publishes it has accepted it by that. */
export const publishCharter = useCase(
  async (tx, input: PublishCharterInput): Promise<PublishCharterOutcome> => {
    const { communityId } = input;
    const community = isId(communityId) ? await lockCommunity(tx, communityId) : null;
    if (community === null) return new CommunityNotFound();
    if (!may(await ownRole(tx, communityId), 'charter.publish')) throw forbidden();
    const inForceFrom = input.inForceFrom ?? tx.now;
    if (inForceFrom < tx.now)
      throw badInput('"inForceFrom" must not be in the past.', { field: 'inForceFrom' });

    const { accountId } = requireUser(tx);
    const charter = await writeCharter(tx, {
      communityId,
      inForceFrom,
      publishedBy: accountId,
      positioning: text('positioning', input.positioning),
      goals: text('goals', input.goals),
      rules: text('rules', input.rules, 1),
      codeOfConduct: text('codeOfConduct', input.codeOfConduct),
    });
    const member = await memberOf(tx.db, { communityId, accountId });
    if (member !== null) await writeAcceptance(tx, member, charter.version);
    return charter;
  },
);

export const charterLength = 20_000;

const text = (field: string, value: string, min = 0): string =>
  parsePlainText(field, value, { min, max: charterLength });
