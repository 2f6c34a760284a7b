import { isId } from '@lyceum/contracts';
import {
  badInput,
  groupBy,
  load,
  parsePage,
  toConnection,
  type BatchQuery,
  type Connection,
  type Ctx,
  type PageArgs,
  type Position,
} from '@lyceum/platform';
import { columnsOf, toEntities } from './columns';

type Class<T> = new () => T;

/** One order of a list: a column and the id, in one direction. An index has them, after the owner. */
export interface Order<Row> {
  readonly column: string;
  readonly property: keyof Row & string;
  readonly type: 'int' | 'float8' | 'timestamptz';
  readonly direction: 'ASC' | 'DESC';
  /** Which rows the list has in this order. Of the row `t`. */
  readonly where?: string;
}

export interface List<Row, OrderName extends string> {
  /** As in cursors, which are good for this list alone. */
  readonly name: string;
  readonly entity: Class<Row>;
  /** What the rows come from, as `t`: `question AS t`. */
  readonly from: string;
  /** Whose list it is: `t.community_id`. */
  readonly owner: string;
  readonly orders: Readonly<Record<OrderName, Order<Row>>>;
  /** Conditions on `t` that a request may set, by name; `$` stands for the value in each. */
  readonly filters?: Readonly<Record<string, string>>;
}

export interface ListRequest<OrderName extends string> {
  readonly order: OrderName;
  readonly page: PageArgs;
  /** Which of the list's filters are to hold, with their values; none for all. */
  readonly filter?: readonly Filter[];
}

/** The name of a list's filter, and a value for it. */
export type Filter = readonly [name: string, value: string];

/** What a page is besides its owner: pages of many owners that are alike in it are read in one statement. */
interface Shape<OrderName extends string> {
  readonly order: OrderName;
  readonly filter: readonly Filter[];
  readonly first: number;
  readonly after: readonly [string | number, string] | null;
}

/** Pages of a list that each owner has: `const questionsOf = listByOwner({ … })`. */
export const listByOwner = <Row extends { readonly id: string }, OrderName extends string>(
  list: List<Row, OrderName>,
): ((ctx: Ctx, ownerId: string, request: ListRequest<OrderName>) => Promise<Connection<Row>>) => {
  const batch: BatchQuery<string, readonly Row[]> = async (ctx, keys) => {
    const asked = keys.map((key) => JSON.parse(key) as [Shape<OrderName>, string]); // as made below
    const pages = new Map<string, readonly Row[]>();
    for (const alike of groupBy(asked, ([shape]) => JSON.stringify(shape)).values()) {
      const shape = alike[0]?.[0];
      if (shape === undefined) continue;
      const ownerIds = alike.map(([, ownerId]) => ownerId);
      const rows = await readPages(ctx, { list, shape, ownerIds });
      for (const id of ownerIds) pages.set(JSON.stringify([shape, id]), rows.get(id) ?? []);
    }
    return pages;
  };

  return async (ctx, ownerId, { order, page, filter = [] }) => {
    const name = [list.name, order, ownerId, ...filter.flat()].join(' ');
    const { first, after } = parsePage(name, page);
    const { property, type } = list.orders[order];
    const shape = { order, filter, first, after: after && checkPosition(after, type) };
    const rows = (await load(ctx, batch, JSON.stringify([shape, ownerId]))) ?? [];
    return toConnection(rows, {
      list: name,
      first,
      positionOf: (row) => [keyOf(row[property]), row.id],
    });
  };
};

const readPages = async <Row extends object, OrderName extends string>(
  ctx: Ctx,
  request: {
    readonly list: List<Row, OrderName>;
    readonly shape: Shape<OrderName>;
    readonly ownerIds: readonly string[];
  },
): Promise<Map<string, Row[]>> => {
  const { list, shape, ownerIds } = request;
  const { column, type, direction, where } = list.orders[shape.order];
  const parameters: unknown[] = [ownerIds];
  const conditions = [`${list.owner} = owner.id`, ...(where === undefined ? [] : [where])];
  for (const [name, value] of shape.filter) {
    const condition = list.filters?.[name];
    if (condition === undefined) throw new Error(`${list.name} have no filter ${name}`);
    conditions.push(condition.replace('$', () => `$${parameters.push(value)}`));
  }
  if (shape.after !== null) {
    const n = parameters.push(...shape.after);
    const than = direction === 'ASC' ? '>' : '<';
    conditions.push(`(t.${column}, t.id) ${than} ($${n - 1}::${type}, $${n}::uuid)`);
  }
  const order = `t.${column} ${direction}, t.id ${direction}`;
  const rows = await ctx.db.query<{ ownerId: string }[]>(
    `/* ${list.name}.${shape.order} */
     SELECT owner.id AS "ownerId", ${columnsOf(ctx.db, list.entity, 't')}
     FROM unnest($1::uuid[]) AS owner (id) CROSS JOIN LATERAL (
       SELECT t.* FROM ${list.from} WHERE ${conditions.join(' AND ')}
       ORDER BY ${order} LIMIT ${shape.first + 1}) AS t
     ORDER BY ${order}`,
    parameters,
  );
  const byOwner = groupBy(rows, ({ ownerId }) => ownerId);
  return new Map([...byOwner].map(([id, own]) => [id, toEntities(list.entity, own)]));
};

const keyOf = (value: unknown): string | number =>
  value instanceof Date ? value.toISOString() : (value as string | number); // of an order's column

const inRange = (key: string | number, type: Order<never>['type']): boolean => {
  if (type === 'timestamptz')
    return (
      typeof key === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(key) && !isNaN(Date.parse(key))
    );
  if (type === 'float8') return Number.isFinite(key);
  return Number.isInteger(key) && Math.abs(Number(key)) < 2 ** 31;
};

/** A cursor that somebody made up is refused before it reaches SQL. */
const checkPosition = (after: Position, type: Order<never>['type']): [string | number, string] => {
  const [key, id] = after;
  if (
    after.length !== 2 ||
    key === undefined ||
    typeof id !== 'string' ||
    !isId(id) ||
    !inRange(key, type)
  )
    throw badInput('"after" is not a cursor of this list.');
  return [key, id];
};
