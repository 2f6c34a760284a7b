import type { MemberId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import {
  Ctx as Context,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { listLoader, type ListQuery } from '../list-query';
import { Member } from '../members/member.type';
import { streakOf, utcDay, type Day, type Streak } from '../rules';
import { query } from '../sql';

@ObjectType({
  description: 'UTC days in a row on which a member asked, answered, commented or published.',
})
export class MemberStreak implements Streak {
  @Field(() => Int, { description: 'Up to today, or up to yesterday while today is not over.' })
  current!: number;
  @Field(() => Int) longest!: number;
}

@Resolver(() => Member)
export class StreakResolver {
  @FieldResolver(() => MemberStreak, { nullable: true })
  async streak(@Root() { id }: Member, @Context() ctx: Ctx): Promise<MemberStreak> {
    const days = await loadDays(ctx, id, {});
    return streakOf(
      days.map(({ day }) => day),
      utcDay(ctx.deps.now()),
    );
  }
}

const daysOfMembers: ListQuery<MemberId, Record<string, never>, { readonly day: Day }> = (
  ctx,
  memberIds,
) =>
  query(
    ctx.db,
    `SELECT DISTINCT actor_id AS "parentId", (occurred_at AT TIME ZONE 'UTC')::date::text AS day FROM activity_log
     WHERE actor_id = ANY($1) AND kind <> 'vote'
       AND kind IN ('question-asked', 'answer-posted', 'comment-posted', 'article-published')`,
    [memberIds],
  );

const loadDays = listLoader(daysOfMembers);
