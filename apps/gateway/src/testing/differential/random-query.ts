import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { Random } from './random';

export interface RandomOperation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

interface Writing {
  readonly schema: GraphQLSchema;
  readonly random: Random;
  readonly fragments: string[];
}

/**
 * Writes an operation that is nearly always valid: aliases, fragments of both kinds, type conditions that
 * may never hold, conditions by constants and by variables with and without defaults.
 */
export const randomOperation = (schema: GraphQLSchema, random: Random): RandomOperation => {
  const writing: Writing = { schema, random, fragments: [] };
  const isMutation = random.chance(0.08);
  const root = isMutation ? schema.getMutationType() : schema.getQueryType();
  if (!root) throw new Error('the schema has no root');
  const set = selectionSet(writing, root, 3);
  const head =
    '($yes: Boolean!, $no: Boolean = false, $maybe: Boolean! = true, $n: Int, $m: Int = 3)';
  const use = `...Use`;
  const fragments = [
    ...writing.fragments,
    `fragment Use on ${root.name} { used: __typename @include(if: $yes) @skip(if: $no) also: __typename @include(if: $maybe) ${
      isMutation ? '' : 'a: people(first: $n) { id } b: people(first: $m) { id }'
    } }`,
  ];
  const query = `${isMutation ? 'mutation' : 'query'} Random${isMutation ? '($yes: Boolean!, $no: Boolean = false, $maybe: Boolean! = true)' : head} { ${set} ${use} }\n${fragments.join('\n')}`;
  const variables: Record<string, unknown> = { yes: random.chance(0.5) };
  if (random.chance(0.5)) variables['no'] = random.chance(0.5);
  if (random.chance(0.5)) variables['maybe'] = random.chance(0.5);
  if (random.chance(0.5)) variables['n'] = random.below(4);
  return { query, variables };
};

const selectionSet = (writing: Writing, type: GraphQLCompositeType, depth: number): string => {
  const { random } = writing;
  const count = 1 + random.below(4);
  const parts = Array.from({ length: count }, () => selection(writing, type, depth));
  // The stock executor loses fragments within fragments of an object whose type name nobody asked for.
  const typename = parts.some((part) => part.startsWith('...')) ? '__typename ' : '';
  return typename + parts.filter(Boolean).join(' ') || '__typename';
};

const selection = (writing: Writing, type: GraphQLCompositeType, depth: number): string => {
  const { random } = writing;
  if (random.chance(0.12))
    return `${random.chance(0.4) ? 'kindOf: ' : ''}__typename${condition(random)}`;
  const fields = 'getFields' in type ? Object.values(type.getFields()) : [];
  if (fields.length === 0 || (depth > 0 && random.chance(isAbstractType(type) ? 0.5 : 0.12))) {
    return fragment(writing, type, depth);
  }
  return field(writing, random.pick(fields), depth);
};

const field = (
  writing: Writing,
  { name, args, type }: GraphQLField<unknown, unknown>,
  depth: number,
): string => {
  const { random } = writing;
  const named = getNamedType(type);
  if (isCompositeType(named) && depth === 0) return '';
  const values = args.map(
    (arg) =>
      `${arg.name}: ${arg.name === 'first' ? String(1 + random.below(3)) : `"${random.pick(['b1', 'f2', 'p0'])}"`}`,
  );
  const given = args.some((arg) => arg.name !== 'first') || random.chance(0.3) ? values : [];
  const alias = random.chance(0.3)
    ? `${random.pick(['x', 'y', 'constructor', '__proto__', name])}${given.length > 0 ? String(random.below(50)) : ''}: `
    : '';
  const text = `${alias}${name}${given.length > 0 ? `(${given.join(', ')})` : ''}${condition(random)}`;
  return isCompositeType(named) ? `${text} { ${selectionSet(writing, named, depth - 1)} }` : text;
};

const fragment = (writing: Writing, type: GraphQLCompositeType, depth: number): string => {
  const { random, schema, fragments } = writing;
  const on = random.pick(typesWithin(schema, type));
  const set = selectionSet(writing, on, Math.max(0, depth - (random.chance(0.3) ? 1 : 0)));
  if (random.chance(0.3)) {
    const name = `F${String(fragments.length)}`;
    fragments.push(`fragment ${name} on ${on.name} { ${set} }`);
    return `...${name}${condition(random)}`;
  }
  return `...${random.chance(0.1) && on === type ? '' : ` on ${on.name}`}${condition(random)} { ${set} }`;
};

/** Types that an object of this type may have: itself, its interfaces, its members. */
const typesWithin = (schema: GraphQLSchema, type: GraphQLCompositeType): GraphQLCompositeType[] => {
  const objects: readonly GraphQLObjectType[] = isAbstractType(type)
    ? schema.getPossibleTypes(type)
    : [type];
  const interfaces = objects.flatMap((object) =>
    isObjectType(object) ? object.getInterfaces() : [],
  );
  return [...new Set<GraphQLCompositeType>([type, ...objects, ...interfaces])];
};

const condition = (random: Random): string =>
  random.chance(0.1)
    ? ` @${random.pick(['skip', 'include'])}(if: ${random.pick(['true', 'false', '$yes', '$maybe'])})`
    : '';
