import { groupBy, load, type BatchQuery, type Ctx } from '@lyceum/platform';

/** A query for a list of each parent; all parents asked with the same arguments are one statement. */
export type ListQuery<ParentId extends string, Args, Row> = (
  ctx: Ctx,
  parentIds: readonly ParentId[],
  args: Args,
) => Promise<readonly (Row & { readonly parentId: ParentId })[]>;

/** Makes a loader of lists: `loadList(ctx, memberId, { first: 20 })`. */
export const listLoader = <ParentId extends string, Args, Row>(
  query: ListQuery<ParentId, Args, Row>,
): ((ctx: Ctx, parentId: ParentId, args: Args) => Promise<readonly Row[]>) => {
  const batch: BatchQuery<string, readonly Row[]> = async (ctx, keys) => {
    const asked = keys.map((key) => JSON.parse(key) as [ParentId, Args]); // made below
    const lists = new Map<string, readonly Row[]>();
    for (const [args, same] of groupBy(asked, ([, args]) => JSON.stringify(args))) {
      const ids = same.map(([parentId]) => parentId);
      const rows = await query(ctx, ids, JSON.parse(args) as Args);
      const byParent = groupBy(rows, (row) => row.parentId);
      for (const id of ids)
        lists.set(JSON.stringify([id, JSON.parse(args)]), byParent.get(id) ?? []);
    }
    return lists;
  };
  return async (ctx, parentId, args) =>
    (await load(ctx, batch, JSON.stringify([parentId, args]))) ?? [];
};
