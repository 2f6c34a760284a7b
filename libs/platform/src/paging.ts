import { isId } from '@lyceum/contracts';
import { Directive, Field, Int, ObjectType, ArgsType, type ClassType } from 'type-graphql';
import { badInput } from './errors';

export const maxPageSize = 100;
export const defaultPageSize = 20;

@Directive('@shareable')
@ObjectType({ description: 'Where a page ends and whether more follows.' })
export class PageInfo {
  @Field(() => Boolean) hasNextPage!: boolean;
  @Field(() => String, { nullable: true, description: 'Pass as `after` for the next page.' })
  endCursor!: string | null;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: defaultPageSize, description: 'How many, 1 to 100.' })
  first!: number;

  @Field(() => String, { nullable: true, description: 'The cursor of the last item already seen.' })
  after?: string | null;
}

export interface Edge<Node> {
  readonly cursor: string;
  readonly node: Node;
}

export interface Connection<Node> {
  readonly edges: readonly Edge<Node>[];
  readonly pageInfo: PageInfo;
}

/** The classes of a Relay-style connection: `Connection('Question', () => Question)`. */
export const connectionType = <Node>(
  name: string,
  node: () => ClassType<Node & object>,
): ClassType<Connection<Node>> => {
  @ObjectType(`${name}Edge`)
  class NodeEdge {
    @Field(() => String) cursor!: string;
    @Field(node) node!: Node;
  }

  @ObjectType(`${name}Connection`)
  class NodeConnection {
    @Field(() => [NodeEdge]) edges!: readonly NodeEdge[];
    @Field(() => PageInfo) pageInfo!: PageInfo;
  }
  return NodeConnection;
};

/** A value of the sort key, and the id that breaks ties. */
export type Position = readonly (string | number)[];

/**
 * Reads `first` and `after` of one list. A cursor names its list, so one from another list (or a
 * made-up one) is refused instead of misread. Throws BAD_INPUT.
 */
export const parsePage = (
  list: string,
  page: PageArgs,
): { readonly first: number; readonly after: Position | null } => {
  if (page.first < 1 || page.first > maxPageSize) {
    throw badInput(`"first" must be between 1 and ${String(maxPageSize)}.`);
  }
  return { first: page.first, after: page.after == null ? null : parseCursor(list, page.after) };
};

export const toCursor = (list: string, position: Position): string =>
  Buffer.from(JSON.stringify([list, ...position])).toString('base64url');

const parseCursor = (list: string, cursor: string): Position => {
  const parts = decode(cursor);
  const [name, ...position] = parts ?? [];
  if (name !== list || !position.every(isPositionPart)) throw notOfThisList();
  return position;
};

const notOfThisList = () => badInput('"after" is not a cursor of this list.');

/** The id after which a list goes on that is in the order of its ids; null for its beginning. Throws BAD_INPUT. */
export const idIn = (after: Position | null): string | null => {
  if (after === null) return null;
  const [id] = after;
  if (typeof id !== 'string' || !isId(id)) throw notOfThisList();
  return id;
};

const isPositionPart = (part: unknown): part is string | number =>
  typeof part === 'string' || typeof part === 'number';

const decode = (cursor: string): unknown[] | undefined => {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
};

/** A page from `first + 1` rows: the extra row only tells that more follow. */
export const toConnection = <Node>(
  rows: readonly Node[],
  {
    list,
    first,
    positionOf,
  }: { list: string; first: number; positionOf: (node: Node) => Position },
): Connection<Node> => {
  const edges = rows
    .slice(0, first)
    .map((node) => ({ cursor: toCursor(list, positionOf(node)), node }));
  return {
    edges,
    pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null },
  };
};
