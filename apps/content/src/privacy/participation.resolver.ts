import { isId, type MemberId } from '@lyceum/contracts';
import { badInput, type Ctx } from '@lyceum/platform';
import {
  Args,
  ArgsType,
  Ctx as Context,
  Directive,
  Field,
  ID,
  Query,
  Resolver,
} from 'type-graphql';

const pageSize = 500;

const posts = ['question', 'answer', 'comment', 'article'];

@ArgsType()
class ParticipationArgs {
  @Field(() => String) since!: string;
  @Field(() => String) now!: string;
  @Field(() => ID, { nullable: true }) after?: MemberId | null;
}

@Resolver()
export class ParticipationResolver {
  /** For identity, which makes tiers and segments of it. Totals, so that telling them twice does no harm. */
  @Directive('@inaccessible')
  @Query(() => String, {
    description:
      'JSON: what members have contributed, of those who did since a moment; 500 at most.',
  })
  async internalParticipation(
    @Context() ctx: Ctx,
    @Args(() => ParticipationArgs) { since, now, after }: ParticipationArgs,
  ): Promise<string> {
    if ([since, now].some((at) => Number.isNaN(Date.parse(at))) || (after != null && !isId(after)))
      throw badInput();
    const rows = await ctx.db.query<object[]>(participation, [since, now, after ?? null]);
    return JSON.stringify(rows);
  }
}

const each = (select: (table: string) => string, separator: string): string =>
  posts.map(select).join(separator);

const participation = `
  SELECT m.id AS "memberId", sum(p.n)::int AS contributions, sum(p.recent)::int AS "recentContributions",
    max(p.last_at) AS "lastActiveAt",
    (SELECT count(*)::int FROM answer AS a JOIN question AS q ON q.accepted_answer_id = a.id
     WHERE a.author_id = m.id) AS "acceptedAnswers"
  FROM (
    SELECT DISTINCT author_id AS id FROM (
      ${each((table) => `SELECT author_id FROM ${table} WHERE created_at > $1`, ' UNION ALL ')}
    ) AS active WHERE author_id IS NOT NULL AND ($3::uuid IS NULL OR author_id > $3)
    ORDER BY 1 LIMIT ${String(pageSize)}
  ) AS m CROSS JOIN LATERAL (
    ${each(
      (
        table,
      ) => `SELECT count(*) AS n, count(*) FILTER (WHERE created_at > $2::timestamptz - interval '90 days') AS recent,
        max(created_at) AS last_at FROM ${table} WHERE author_id = m.id`,
      ' UNION ALL ',
    )}
  ) AS p GROUP BY m.id ORDER BY m.id`;
