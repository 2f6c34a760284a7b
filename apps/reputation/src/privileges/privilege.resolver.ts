import type { CommunityId } from '@lyceum/contracts';
import { load, type Ctx } from '@lyceum/platform';
import {
  Ctx as Context,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { Community } from '../communities/community.type';
import { standingOfMember } from '../leaderboard/board.queries';
import { Member } from '../members/member.type';
import { ruleBookOfCommunity } from '../rule-sets/rule-books';
import { privilegeNames, ruleSetOn, utcDay, type Privilege, type PrivilegeName } from '../rules';

const names = Object.fromEntries(
  privilegeNames.map((name) => [name.toUpperCase().replaceAll('-', '_'), name]),
) as Record<string, PrivilegeName>;
registerEnumType(names, { name: 'PrivilegeName', description: 'What points can unlock.' });

@ObjectType('Privilege', {
  description: 'Something that members may do from a number of points on.',
})
export class GatedPrivilege {
  @Field(() => names) name!: PrivilegeName;
  @Field(() => Int) from!: number;
}

@ObjectType({ description: 'What a member may do, and what it takes for the rest.' })
export class MemberPrivilege extends GatedPrivilege {
  @Field(() => Boolean) isUnlocked!: boolean;
  @Field(() => Int, { description: '0 once it is unlocked.' }) pointsMissing!: number;
}

@Resolver(() => Community)
export class CommunityPrivilegesResolver {
  @FieldResolver(() => [GatedPrivilege], {
    nullable: true,
    description: 'What the rules of today gate; what is not here is for every member.',
  })
  privileges(@Root() { id }: Community, @Context() ctx: Ctx): Promise<readonly Privilege[]> {
    return gatesOf(ctx, id);
  }
}

@Resolver(() => Member)
export class MemberPrivilegesResolver {
  @FieldResolver(() => [MemberPrivilege], { nullable: true })
  async privileges(@Root() { id }: Member, @Context() ctx: Ctx): Promise<MemberPrivilege[]> {
    const standing = await load(ctx, standingOfMember, id);
    if (standing === null) return [];
    return (await gatesOf(ctx, standing.communityId)).map(({ name, from }) => ({
      ...{ name, from, isUnlocked: standing.total >= from },
      pointsMissing: Math.max(0, from - standing.total),
    }));
  }
}

const gatesOf = async (ctx: Ctx, communityId: CommunityId): Promise<readonly Privilege[]> => {
  const book = await load(ctx, ruleBookOfCommunity, communityId);
  return book === null ? [] : ruleSetOn(book, utcDay(ctx.deps.now())).privileges;
};
