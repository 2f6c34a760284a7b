import { isId, type MemberId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import { Arg, Ctx as Context, Directive, ID, Query, Resolver } from 'type-graphql';

@Resolver()
export class AuthorsResolver {
  /** For identity, which credits who invited somebody once that somebody has written something. */
  @Directive('@inaccessible')
  @Query(() => [ID], { description: 'Those of the members who have written a post.' })
  async internalAuthors(
    @Context() ctx: Ctx,
    @Arg('memberIds', () => [ID]) memberIds: MemberId[],
  ): Promise<readonly MemberId[]> {
    const rows = await ctx.db.query<{ id: MemberId }[]>(
      `SELECT m.id FROM unnest($1::uuid[]) AS m (id)
       WHERE EXISTS (SELECT FROM question WHERE author_id = m.id)
          OR EXISTS (SELECT FROM answer WHERE author_id = m.id)
          OR EXISTS (SELECT FROM comment WHERE author_id = m.id)
          OR EXISTS (SELECT FROM article WHERE author_id = m.id)`,
      [memberIds.filter(isId).slice(0, 500)],
    );
    return rows.map(({ id }) => id);
  }
}
