import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  Kind,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLEnumType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { own, type Entity } from './data';

/**
 * Writes the merged data of an operation as JSON text in one pass. It writes only answers that are right
 * in every detail: at a null where the schema allows none, a value of a wrong type, an unknown type name,
 * it throws `NotPlain`, and the caller takes the slow way, which knows how nulls spread.
 */
export type WriteAnswer = (data: Entity) => string;

/** Thrown by writers; carries nothing, so it is made once. */
export class NotPlain extends Error {}
const notPlain = new NotPlain('not a plain answer');

export interface AnswerShape {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** Values of the variables that decide over @skip and @include. */
  readonly conditions: Readonly<Record<string, unknown>>;
}

type Write = (value: unknown) => string;

/** Throws `NotPlain` for operations that are never plain: introspection, and fields of two types. */
export const compileWriter = (shape: AnswerShape): WriteAnswer => {
  const root = shape.schema.getRootType(shape.operation.operation);
  if (!root) throw notPlain;
  const write = compileObject(shape, root, [{ set: shape.operation.selectionSet, parent: root }]);
  return (data) => write(data);
};

/** A selection set together with the type it is written on. */
interface Part {
  readonly set: SelectionSetNode;
  readonly parent: GraphQLCompositeType;
}

interface Collected {
  readonly key: string;
  readonly name: string;
  readonly type: GraphQLOutputType | undefined;
  readonly parts: Part[];
}

interface FieldWriter {
  readonly key: string;
  readonly prefix: string;
  readonly write: Write;
}

const compileObject = (
  shape: AnswerShape,
  type: GraphQLObjectType,
  parts: readonly Part[],
): ((entity: Entity) => string) => {
  const collected = new Map<string, Collected>();
  for (const part of parts) collect(shape, { type, part, into: collected });
  const fields: FieldWriter[] = [...collected.values()].map((field, index) => ({
    key: field.key,
    prefix: `${index === 0 ? '' : ','}${JSON.stringify(field.key)}:`,
    write:
      field.type === undefined
        ? typenameWriter(type.name)
        : compileValue(shape, field.type, field.parts),
  }));
  return (entity) => {
    let text = '{';
    for (const { key, prefix, write } of fields) text += prefix + write(own(entity, key));
    return `${text}}`;
  };
};

/** The fields that an object of one type has in the answer, each with all its selections. */
const collect = (
  shape: AnswerShape,
  { type, part, into }: { type: GraphQLObjectType; part: Part; into: Map<string, Collected> },
): void => {
  for (const selection of part.set.selections) {
    if (!isIncluded(selection.directives, shape.conditions)) continue;
    if (selection.kind === Kind.FIELD) {
      collectField(selection, part.parent, into);
      continue;
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? shape.fragments[selection.name.value] : selection;
    if (fragment === undefined) throw notPlain;
    const parent = fragment.typeCondition
      ? shape.schema.getType(fragment.typeCondition.name.value)
      : part.parent;
    if (!isCompositeType(parent)) throw notPlain;
    if (parent !== type && !(isAbstractType(parent) && shape.schema.isSubType(parent, type)))
      continue;
    collect(shape, { type, part: { set: fragment.selectionSet, parent }, into });
  }
};

const collectField = (
  node: FieldNode,
  parent: GraphQLCompositeType,
  into: Map<string, Collected>,
): void => {
  const name = node.name.value;
  const key = node.alias?.value ?? name;
  if (name === '__schema' || name === '__type') throw notPlain;
  const type =
    name === '__typename' || !('getFields' in parent) ? undefined : parent.getFields()[name]?.type;
  if (type === undefined && name !== '__typename') throw notPlain;
  const known = into.get(key);
  if (known !== undefined && String(known.type) !== String(type)) throw notPlain;
  const part = partOf(node, type);
  if (known === undefined) into.set(key, { key, name, type, parts: part });
  else known.parts.push(...part);
};

const partOf = (node: FieldNode, type: GraphQLOutputType | undefined): Part[] => {
  const parent = type && getNamedType(type);
  return node.selectionSet && isCompositeType(parent) ? [{ set: node.selectionSet, parent }] : [];
};

const isIncluded = (
  directives: readonly DirectiveNode[] | undefined,
  conditions: AnswerShape['conditions'],
): boolean => {
  for (const { name, arguments: args } of directives ?? []) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const given = args?.find((arg) => arg.name.value === 'if')?.value;
    const value =
      given?.kind === Kind.VARIABLE
        ? conditions[given.name.value]
        : given?.kind === Kind.BOOLEAN && given.value;
    if (typeof value !== 'boolean') throw notPlain;
    if (value === (name.value === 'skip')) return false;
  }
  return true;
};

const compileValue = (
  shape: AnswerShape,
  type: GraphQLOutputType,
  parts: readonly Part[],
): Write => {
  if (isNonNullType(type)) return compileNonNull(shape, type.ofType, parts);
  const write = compileNonNull(shape, type, parts);
  return (value) => (value === null || value === undefined ? 'null' : write(value));
};

/** For values that may not be null: null itself is refused by every writer. */
const compileNonNull = (
  shape: AnswerShape,
  type: GraphQLOutputType,
  parts: readonly Part[],
): Write => {
  if (isListType(type)) return compileList(compileValue(shape, type.ofType, parts));
  if (isNonNullType(type)) return compileNonNull(shape, type.ofType, parts);
  return isCompositeType(type) ? compileComposite(shape, type, parts) : compileLeaf(type);
};

const compileList =
  (write: Write): Write =>
  (value) => {
    if (!Array.isArray(value)) throw notPlain;
    let text = '[';
    for (let index = 0; index < value.length; index += 1) {
      text += index === 0 ? write(value[index]) : `,${write(value[index])}`;
    }
    return `${text}]`;
  };

const compileComposite = (
  shape: AnswerShape,
  type: GraphQLCompositeType,
  parts: readonly Part[],
): Write => {
  const byType = new Map<string, (entity: Entity) => string>();
  const ownName = isObjectType(type) ? type.name : undefined;
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notPlain;
    const entity = value as Entity; // an object that is no array, as checked
    const name = own(entity, '__typename') ?? ownName;
    if (typeof name !== 'string') throw notPlain;
    let write = byType.get(name);
    if (write === undefined) {
      const runtime = shape.schema.getType(name);
      if (!isObjectType(runtime)) throw notPlain;
      write = compileObject(shape, runtime, parts);
      byType.set(name, write);
    }
    return write(entity);
  };
};

/** The type's name is known from the writer; a subgraph that says otherwise is not plain. */
const typenameWriter = (name: string): Write => {
  const text = JSON.stringify(name);
  return (value) => {
    if (value !== undefined && value !== null && value !== name) throw notPlain;
    return text;
  };
};

const compileLeaf = (type: GraphQLScalarType | GraphQLEnumType): Write => {
  if (isEnumType(type)) {
    const texts = new Map(type.getValues().map(({ name }) => [name, JSON.stringify(name)]));
    return (value) => texts.get(value as string) ?? refuse(); // a Map finds nothing for other types
  }
  return isSpecifiedScalarType(type) ? (scalarWriters[type.name] ?? writeAny) : writeAny;
};

const refuse = (): never => {
  throw notPlain;
};

const writeAny: Write = (value) =>
  value === null || value === undefined ? refuse() : JSON.stringify(value);

const writeString: Write = (value) =>
  typeof value === 'string' ? JSON.stringify(value) : refuse();

const scalarWriters: Readonly<Record<string, Write>> = {
  String: writeString,
  ID: (value) => (Number.isInteger(value) ? writeInteger(value) : writeString(value)),
  Int: (value) => (Number.isInteger(value) ? writeInteger(value) : refuse()),
  Float: (value) => (typeof value === 'number' ? JSON.stringify(value) : refuse()),
  Boolean: (value) => (typeof value === 'boolean' ? String(value) : refuse()),
};

/** Integers so large that they print with an exponent are not plain. */
const writeInteger = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.includes('e') ? refuse() : text;
};
