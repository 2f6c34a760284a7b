import type { CommunityId, MemberId } from '@lyceum/contracts';
import { load, type BatchQuery, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  Ctx as Context,
  Field,
  FieldResolver,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { Community } from '../communities/community.type';
import { aMember, Member } from '../members/member.type';
import { query } from '../sql';
import {
  defineTitle,
  DefineTitleInput,
  DefineTitleResult,
  grantTitle,
  GrantTitleInput,
  GrantTitleResult,
  retireTitle,
  RetireTitleInput,
  RetireTitleResult,
  revokeTitle,
  RevokeTitleInput,
  RevokeTitleResult,
} from './manage-titles';
import { MemberTitle, selectTitles, Title } from './title.types';
import { titlesOfMembers } from './titles-of-members';

const byAdmins = { description: 'For owners and admins.' };

@Resolver()
export class TitleMutationsResolver {
  @Authorized()
  @Mutation(() => DefineTitleResult, byAdmins)
  defineTitle(
    @Context() ctx: Ctx,
    @Arg('input', () => DefineTitleInput) input: DefineTitleInput,
  ): Promise<typeof DefineTitleResult> {
    return defineTitle(ctx, input);
  }

  @Authorized()
  @Mutation(() => RetireTitleResult, byAdmins)
  retireTitle(
    @Context() ctx: Ctx,
    @Arg('input', () => RetireTitleInput) input: RetireTitleInput,
  ): Promise<typeof RetireTitleResult> {
    return retireTitle(ctx, input);
  }

  @Authorized()
  @Mutation(() => GrantTitleResult, byAdmins)
  grantTitle(
    @Context() ctx: Ctx,
    @Arg('input', () => GrantTitleInput) input: GrantTitleInput,
  ): Promise<typeof GrantTitleResult> {
    return grantTitle(ctx, input);
  }

  @Authorized()
  @Mutation(() => RevokeTitleResult, byAdmins)
  revokeTitle(
    @Context() ctx: Ctx,
    @Arg('input', () => RevokeTitleInput) input: RevokeTitleInput,
  ): Promise<typeof RevokeTitleResult> {
    return revokeTitle(ctx, input);
  }
}

@Resolver(() => Member)
export class MemberTitlesResolver {
  @FieldResolver(() => [MemberTitle], {
    nullable: true,
    description: 'What the member is called now, and why.',
  })
  async titles(@Root() { id }: Member, @Context() ctx: Ctx): Promise<readonly MemberTitle[]> {
    return (await load(ctx, titlesOfMembers, id)) ?? [];
  }
}

@ObjectType({ description: 'Who is featured for what it did in a week.' })
export class FeaturedMember {
  @Field(() => Member) member!: Member;
  @Field(() => String, { description: 'The Monday of the week, `YYYY-MM-DD`.' }) week!: string;
  @Field(() => String) reason!: string;
  @Field(() => Boolean, { description: 'Whether the week was one for newcomers.' })
  isNewcomer!: boolean;
}

/** The latest who still is a member and wants to be shown. */
const featuredOf: BatchQuery<CommunityId, FeaturedMember> = async ({ db }, ids) => {
  const rows = await query<FeaturedMember & { id: CommunityId; memberId: MemberId }>(
    db,
    `SELECT DISTINCT ON (featured.community_id) featured.community_id AS id, featured.member_id AS "memberId",
       week::text AS week, reason, is_newcomer AS "isNewcomer"
     FROM featured_member AS featured JOIN member_standing AS member USING (member_id)
     WHERE featured.community_id = ANY($1) AND status = 'active' AND NOT is_hidden
     ORDER BY featured.community_id, week DESC`,
    [ids],
  );
  return new Map(
    rows.map(({ id, memberId, ...rest }) => [
      id,
      Object.assign(new FeaturedMember(), rest, { member: aMember(memberId) }),
    ]),
  );
};

@Resolver(() => Community)
export class CommunityTitlesResolver {
  @FieldResolver(() => [Title], { nullable: true, description: 'All that there are.' })
  titles(@Root() { id }: Community, @Context() ctx: Ctx): Promise<Title[]> {
    return selectTitles(ctx.db, 'community_id = $1 ORDER BY id LIMIT 500', [id]);
  }

  @FieldResolver(() => FeaturedMember, {
    nullable: true,
    description: 'The member of the week; none who does not want to be shown on boards.',
  })
  featuredMember(@Root() { id }: Community, @Context() ctx: Ctx): Promise<FeaturedMember | null> {
    return load(ctx, featuredOf, id);
  }
}
