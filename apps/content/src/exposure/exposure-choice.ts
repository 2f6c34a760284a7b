import { isId, type CommunityId } from '@lyceum/contracts';
import { useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { CommunityUnknown, MembershipRequired } from '../communities/membership.errors';
import { actingMember, isVisible, learnStanding } from '../communities/standing';

@ObjectType({ description: 'How a member takes part in `recommended`.' })
export class ExposureChoice {
  @Field(() => Boolean, { description: 'Whether posts of the member may have a place there.' })
  isShown!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether the member sees the places that are kept for newcomers; else all go by rank.',
  })
  seesNewcomers!: boolean;
}

@InputType()
export class ChooseExposureInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => Boolean) isShown!: boolean;
  @Field(() => Boolean) seesNewcomers!: boolean;
}

export const ChooseExposureResult = createUnionType({
  name: 'ChooseExposureResult',
  types: () => [ExposureChoice, CommunityUnknown, MembershipRequired] as const,
});
type Result = Promise<typeof ChooseExposureResult>;

/** Each member decides for itself, at any time. */
export const chooseExposure = async (ctx: Ctx, input: ChooseExposureInput): Result => {
  if (!isId(input.communityId)) return new CommunityUnknown();
  await learnStanding(ctx, input.communityId);
  return (await isVisible(ctx, input.communityId)) ? choose(ctx, input) : new CommunityUnknown();
};

const choose = useCase(
  async (tx, { communityId, isShown, seesNewcomers }: ChooseExposureInput): Result => {
    const member = await actingMember(tx, communityId);
    if (member === null) return new MembershipRequired();
    await tx.db.query(
      `INSERT INTO exposure_choice (member_id, community_id, is_shown, sees_new) VALUES ($1, $2, $3, $4)
       ON CONFLICT (member_id) DO UPDATE SET is_shown = excluded.is_shown, sees_new = excluded.sees_new`,
      [member.memberId, communityId, isShown, seesNewcomers],
    );
    return Object.assign(new ExposureChoice(), { isShown, seesNewcomers });
  },
);
