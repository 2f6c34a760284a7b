import { badInput, Scopes, type Ctx } from '@lyceum/platform';
import {
  Args,
  ArgsType,
  Ctx as Context,
  Field,
  FieldResolver,
  Float,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { Community } from '../communities/community.type';
import { aMember, Member } from '../members/member.type';
import { requireAnalyst } from '../metrics/analysts';
import { RangeArgs } from '../metrics/metric.types';
import { toAsk } from '../metrics/read-metric';
import { objectives, sumOf, type ObjectivesOf } from './objectives';

@ObjectType({ description: 'Satisfaction, activity and revenue (F, G and R).' })
export class ObjectiveSums {
  @Field(() => Float, { description: 'F: hours that posts were read.' }) hoursRead!: number;
  @Field(() => Int, { description: 'G: what was done besides joining.' }) activities!: number;
  @Field(() => Float, {
    description: "R: paid less given back, in minor units of the community's main currency.",
  })
  netMinor!: number;
}

@ObjectType()
export class MemberObjectives extends ObjectiveSums {
  @Field(() => Member, { nullable: true }) member!: Member;
}

@ObjectType({ description: 'What members brought in a range, each and together.' })
export class CommunityObjectives {
  @Field(() => ObjectiveSums, { description: 'Of all members and of nobody known.' })
  totals!: ObjectiveSums;
  @Field(() => ObjectiveSums, { description: 'Of visitors, and of who is no member.' })
  unattributed!: ObjectiveSums;
  @Field(() => [MemberObjectives], { description: 'The most active first.' })
  members!: readonly MemberObjectives[];
  @Field(() => String) formula!: string;
  @Field(() => String) caveat!: string;
}

@ArgsType()
export class ObjectivesArgs extends RangeArgs {
  @Field(() => Int, { defaultValue: 20, description: 'How many members, 1 to 100.' })
  first!: number;
}

const none = { hoursRead: 0, activities: 0, netMinor: 0 };

@Resolver(() => Community)
export class ObjectivesResolver {
  @Scopes('analytics:read', 'money:read')
  @FieldResolver(() => CommunityObjectives, {
    nullable: true,
    description:
      'Satisfaction, activity and revenue of a range, by member and in total. For owners, admins and analysts of the community.',
  })
  async objectives(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => ObjectivesArgs) { from, to, first }: ObjectivesArgs,
  ): Promise<CommunityObjectives> {
    if (first < 1 || first > 100) throw badInput('"first" must be between 1 and 100.');
    await requireAnalyst(ctx, id);
    const rows = await objectives(ctx.db, await toAsk(ctx, id, { from, to, interval: 'month' }));
    return {
      totals: sumOf(rows),
      unattributed: rows.find(({ memberId }) => memberId === null) ?? none,
      members: rows.flatMap(toMember).slice(0, first),
      formula: 'F = Σ F_i, G = Σ G_i, R = Σ R_i over members i, and what belongs to no member',
      caveat:
        'Hours read stand for satisfaction, which ratings would tell better; a page left open counts as read for four hours at most. Revenue is before fees, taxes and the shares of authors.',
    };
  }
}

const toMember = ({ memberId, ...sums }: ObjectivesOf): MemberObjectives[] =>
  memberId === null ? [] : [{ member: aMember(memberId), ...sums }];
