import { computeResponse } from '@apollo/gateway/dist/resultShaping';
import type { FieldSelection } from '@apollo/federation-internals';
import { executeSync, type GraphQLError, Kind, OperationTypeNode, visit } from 'graphql';
import { compileWriter, NotPlain, type WriteAnswer } from './answer-writer';
import { own, type Entity } from './data';
import type { PreparedOperation } from './operation';

/** Data that is JSON text already; whoever serialises it in the usual way gets the same JSON. */
export class JsonText {
  constructor(readonly text: string) {}

  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

export interface Answer {
  readonly data: JsonText | Entity | null;
  /** Places where the schema allows no null and the subgraphs gave none or a wrong value. */
  readonly violations: readonly GraphQLError[];
}

type Variables = Readonly<Record<string, unknown>>;

/** More variants of one operation's conditions than this are not kept. */
const maxWriters = 32;
const writers = new WeakMap<PreparedOperation, Map<string, WriteAnswer | undefined>>();

/** Gives merged data the form that the client asked for. */
export const answerOf = (
  prepared: PreparedOperation,
  data: Entity,
  variables: Variables,
): Answer => {
  const write = writerOf(prepared, variables);
  if (write === undefined) return shape(prepared, data, variables);
  try {
    return { data: new JsonText(write(data)), violations: [] };
  } catch (error) {
    if (error instanceof NotPlain) return shape(prepared, data, variables);
    throw error;
  }
};

const writerOf = (prepared: PreparedOperation, variables: Variables): WriteAnswer | undefined => {
  const conditions: Record<string, unknown> = {};
  for (const name of prepared.conditionNames) {
    conditions[name] = own(variables, name) ?? prepared.defaults[name];
  }
  const key = prepared.conditionNames.length === 0 ? '' : JSON.stringify(conditions);
  let known = writers.get(prepared);
  if (known === undefined)
    writers.set(prepared, (known = new Map<string, WriteAnswer | undefined>()));
  if (known.has(key)) return known.get(key);
  const write = compiled(prepared, conditions);
  if (known.size < maxWriters) known.set(key, write);
  return write;
};

const compiled = (
  { supergraph, operation, fragments }: PreparedOperation,
  conditions: Record<string, unknown>,
): WriteAnswer | undefined => {
  try {
    return compileWriter({ schema: supergraph.schema, operation, fragments, conditions });
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
};

/** The gateway library's own shaping: slower, and right in everything that is not plain. */
const shape = (prepared: PreparedOperation, data: Entity, variables: Variables): Answer => {
  const shaped = computeResponse({
    operation: prepared.planned,
    variables,
    input: data,
    introspectionHandling: (field) => introspect(prepared, field, variables),
  });
  return { data: shaped.data ?? null, violations: shaped.errors };
};

/** `__schema` and `__type` are answered from the schema itself. */
const introspect = (
  prepared: PreparedOperation,
  field: FieldSelection,
  variables: Variables,
): unknown => {
  const selection = field.expandFragments().toSelectionNode(); // a field's node is a FieldNode
  const used = new Set<string>();
  visit(selection, { Variable: ({ name }) => void used.add(name.value) });
  const { data, errors } = executeSync({
    schema: prepared.supergraph.schema,
    document: {
      kind: Kind.DOCUMENT,
      definitions: [
        {
          kind: Kind.OPERATION_DEFINITION,
          operation: OperationTypeNode.QUERY,
          variableDefinitions: (prepared.operation.variableDefinitions ?? []).filter(
            ({ variable }) => used.has(variable.name.value),
          ),
          selectionSet: { kind: Kind.SELECTION_SET, selections: [selection] },
        },
      ],
    },
    rootValue: {},
    variableValues: variables,
  });
  if (errors?.[0]) throw errors[0];
  return data && own(data, selection.alias?.value ?? selection.name.value);
};
