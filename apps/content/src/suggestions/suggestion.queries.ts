import type { Ctx } from '@lyceum/platform';
import { columnsOf, toEntities } from '../lists/columns';
import { listByOwner } from '../lists/list-by-owner';
import { EditSuggestion } from './edit-suggestion.entity';

/** The one that waits to be decided, by post. */
export const pendingEdits = async (
  ctx: Ctx,
  postIds: readonly string[],
): Promise<ReadonlyMap<string, EditSuggestion>> => {
  const rows = await ctx.db.query<object[]>(
    `SELECT ${columnsOf(ctx.db, EditSuggestion, 't')} FROM edit_suggestion AS t
     WHERE t.target_id = ANY($1::uuid[]) AND t.status = 'pending'`,
    [postIds],
  );
  return new Map(toEntities(EditSuggestion, rows).map((row) => [row.targetId, row]));
};

/** Those that wait, the oldest first. */
export const pendingEditsOfCommunity = listByOwner<EditSuggestion, 'OLDEST'>({
  name: 'pending edits',
  entity: EditSuggestion,
  from: 'edit_suggestion AS t',
  owner: 't.community_id',
  orders: {
    OLDEST: {
      column: 'created_at',
      property: 'createdAt',
      type: 'timestamptz',
      direction: 'ASC',
      where: `t.status = 'pending'`,
    },
  },
});
