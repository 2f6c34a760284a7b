import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isOutputType,
  Kind,
  valueFromASTUntyped,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Limits } from '../options';

/** The number of values that an answer may have, given the request's variables. */
export type CostOf = (variables: Readonly<Record<string, unknown>>) => number;

interface CostSource {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

/** The arguments by which a client says how long a list it wants. */
const sizeArguments = ['first', 'last', 'limit'];

/**
 * Compiles an operation's cost: one for each field, times the lengths of the lists it is in. A size
 * argument counts for the list itself or, as in a connection, for the lists right below.
 */
export const compileCost = (source: CostSource, limits: Limits): CostOf => {
  const root = source.schema.getRootType(source.operation.operation);
  if (!root) return () => 0;
  return compileSelections(
    { source, limits, size: undefined },
    root,
    source.operation.selectionSet,
  );
};

interface CostContext {
  readonly source: CostSource;
  readonly limits: Limits;
  /** The size asked for by the connection that these selections are in. */
  readonly size: CostOf | undefined;
}

const compileSelections = (
  context: CostContext,
  parent: GraphQLCompositeType,
  set: SelectionSetNode,
): CostOf => {
  const costs: CostOf[] = [];
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      costs.push(compileField(context, parent, selection));
      continue;
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? context.source.fragments[selection.name.value]
        : selection;
    if (fragment === undefined) continue;
    const type = fragment.typeCondition
      ? context.source.schema.getType(fragment.typeCondition.name.value)
      : parent;
    if (isCompositeType(type)) costs.push(compileSelections(context, type, fragment.selectionSet));
  }
  return (variables) => costs.reduce((sum, cost) => sum + cost(variables), 0);
};

const one: CostOf = () => 1;

const compileField = (
  context: CostContext,
  parent: GraphQLCompositeType,
  node: FieldNode,
): CostOf => {
  const field = 'getFields' in parent ? parent.getFields()[node.name.value] : undefined;
  // Introspection reads memory only, and has its own limit of depth.
  if (field === undefined || !isOutputType(field.type)) return one;
  const asked = sizeOf(node, field);
  const isList = isListType(getNullableType(field.type));
  const times = isList ? (asked ?? context.size ?? (() => context.limits.assumedListSize)) : one;
  const type = getNamedType(field.type);
  if (!node.selectionSet || !isCompositeType(type)) {
    return isList ? (variables) => 1 + times(variables) : one;
  }
  const below = compileSelections(
    { ...context, size: isList ? undefined : asked },
    type,
    node.selectionSet,
  );
  return (variables) => 1 + times(variables) * below(variables);
};

const sizeOf = (node: FieldNode, field: GraphQLField<unknown, unknown>): CostOf | undefined => {
  const definition = field.args.find(({ name }) => sizeArguments.includes(name));
  if (definition === undefined) return undefined;
  const fallback = countFrom(definition.defaultValue) ?? 20;
  const given = node.arguments?.find(({ name }) => sizeArguments.includes(name.value))?.value;
  if (given === undefined) return () => fallback;
  if (given.kind === Kind.VARIABLE) {
    const name = given.name.value;
    return (variables) => countFrom(variables[name]) ?? fallback;
  }
  const size = countFrom(valueFromASTUntyped(given)) ?? fallback;
  return () => size;
};

/** What is no count (null, negative, a text) is left to the subgraph to refuse. */
const countFrom = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 ? value : undefined;
