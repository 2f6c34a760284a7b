import { id, type Id } from '@lyceum/contracts';
import { badInput, groupBy, parsePage, type PageArgs } from '@lyceum/platform';
import { z } from 'zod';

/** A page of a list that begins after a position: the sort key of the last item seen, and its id. */
export interface Page<Key extends string | number> {
  readonly first: number;
  readonly after: readonly [Key, string] | null;
}

const byTime = z.tuple([z.iso.datetime(), id()]);
const byCount = z.tuple([z.int32(), id()]);

/** Pages in order of time. A cursor that somebody made up is refused before it reaches SQL. */
export const pageByTime = (list: string, page: PageArgs): Page<string> =>
  parse(list, { page, position: byTime });

export const pageByCount = (list: string, page: PageArgs): Page<number> =>
  parse(list, { page, position: byCount });

const parse = <Key extends string | number>(
  list: string,
  { page, position }: { page: PageArgs; position: z.ZodType<[Key, string]> },
): Page<Key> => {
  const { first, after } = parsePage(list, page);
  if (after === null) return { first, after };
  const parsed = position.safeParse(after);
  if (!parsed.success) throw badInput('"after" is not a cursor of this list.');
  return { first, after: parsed.data };
};

/** Names one page of one owner, for loaders: pages of the same shape are read in one statement. */
export const pageKey = (owner: Id<string>, page: Page<string>): string =>
  JSON.stringify([page, owner]);

/** Answers page keys by a query for many owners' pages; one query a shape of page, so commonly one. */
export const loadPages = async <Row>(
  keys: readonly string[],
  query: (
    owners: readonly string[],
    page: Page<string>,
  ) => Promise<Iterable<readonly [string, Row]>>,
): Promise<ReadonlyMap<string, readonly Row[]>> => {
  const parsed = keys.map((key) => JSON.parse(key) as [Page<string>, string]); // as pageKey made them
  const answers = new Map<string, Row[]>(keys.map((key) => [key, []]));
  for (const sameShape of groupBy(parsed, ([page]) => JSON.stringify(page)).values()) {
    const page = sameShape[0]?.[0];
    if (page === undefined) continue;
    const rows = await query(
      sameShape.map(([, owner]) => owner),
      page,
    );
    for (const [owner, row] of rows) answers.get(JSON.stringify([page, owner]))?.push(row);
  }
  return answers;
};
