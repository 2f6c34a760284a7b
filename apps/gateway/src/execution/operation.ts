import { operationFromDocument, type Operation } from '@apollo/federation-internals';
import { buildOperationContext } from '@apollo/gateway/dist/operationContext';
import type { FetchNode, PlanNode } from '@apollo/query-planner';
import {
  type GraphQLError,
  Kind,
  valueFromAST,
  typeFromAST,
  isInputType,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values';
import { compileCost, type CostOf } from '../limits/cost';
import type { Settings } from '../options';
import type { Supergraph } from '../graph/supergraph';
import { compilePlan, type Step } from './execute-plan';

/** An operation that was parsed, validated, planned and compiled: all that does not depend on the request. */
export interface PreparedOperation {
  readonly supergraph: Supergraph;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** The planner's form of the operation. */
  readonly planned: Operation;
  /** Absent when no subgraph needs to be asked; for a subscription, what each event makes necessary. */
  readonly step: Step | undefined;
  /** A subscription's own fetch, at the subgraph that streams. */
  readonly primary: FetchNode | undefined;
  /** Default values of variables. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Names of the variables that decide over @skip and @include. */
  readonly conditionNames: readonly string[];
  readonly costOf: CostOf;
}

export interface OperationSource {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
}

/** Plans and compiles. Takes milliseconds, so the result is kept; throws GraphQLError for what cannot be planned. */
export const prepareOperation = (
  supergraph: Supergraph,
  { document, operationName }: OperationSource,
  settings: Settings,
): PreparedOperation => {
  const context = buildOperationContext({
    schema: supergraph.schema,
    operationDocument: document,
    ...(operationName !== undefined && { operationName }),
  });
  const { operation } = context;
  const fragments = { ...context.fragments };
  const planned = operationFromDocument(supergraph.apiSchema, {
    kind: Kind.DOCUMENT,
    definitions: [operation, ...Object.values(fragments)],
  });
  const { node } = supergraph.planner.buildQueryPlan(planned);
  const rest: PlanNode | undefined = node?.kind === 'Subscription' ? node.rest : node;
  const defaults = defaultsOf(supergraph.schema, operation);
  return {
    supergraph,
    operation,
    fragments,
    planned,
    step: rest && compilePlan(rest, { schema: supergraph.fullSchema, defaults }),
    primary: node?.kind === 'Subscription' ? node.primary : undefined,
    defaults,
    conditionNames: conditionNamesOf(operation, fragments),
    costOf: compileCost({ schema: supergraph.schema, operation, fragments }, settings.limits),
  };
};

/** The problems with a request's variables, as graphql-js finds them. */
export const variableErrors = (
  { supergraph, operation }: PreparedOperation,
  variables: Readonly<Record<string, unknown>>,
): readonly GraphQLError[] => {
  const definitions = operation.variableDefinitions ?? [];
  if (definitions.length === 0) return [];
  return (
    getVariableValues(supergraph.schema, definitions, variables, { maxErrors: 10 }).errors ?? []
  );
};

const defaultsOf = (
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
): Record<string, unknown> => {
  const defaults: Record<string, unknown> = {};
  for (const { variable, type, defaultValue } of operation.variableDefinitions ?? []) {
    const inputType = typeFromAST(schema, type);
    if (defaultValue === undefined || !isInputType(inputType)) continue;
    defaults[variable.name.value] = valueFromAST(defaultValue, inputType);
  }
  return defaults;
};

const conditionNamesOf = (
  operation: OperationDefinitionNode,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
): string[] => {
  const names = new Set<string>();
  for (const root of [operation, ...Object.values(fragments)]) {
    visit(root, {
      Directive: ({ name, arguments: args }) => {
        if (name.value !== 'skip' && name.value !== 'include') return;
        for (const { value } of args ?? [])
          if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      },
    });
  }
  return [...names].sort();
};
