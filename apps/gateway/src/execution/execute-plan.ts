import type { FetchNode, PlanNode } from '@apollo/query-planner';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import type { Caller } from '../caller';
import type { Subgraph } from '../subgraphs/subgraph-client';
import { entitiesAt, own, type Entity } from './data';
import { compileFetch } from './fetch';

/** One run of a plan: what it works on, and what it has found so far. */
export interface Run {
  readonly caller: Caller;
  readonly subgraphs: ReadonlyMap<string, Subgraph>;
  /** As the client sent them, defaults left out. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly errors: GraphQLError[];
  /** The answer so far, with the keys and type names that the plan needs beside what was asked for. */
  readonly data: Entity;
}

/** The entities a step works on: those at `path`, looked up when the step begins. */
export interface Cursor {
  readonly path: readonly string[];
  readonly entities: readonly Entity[];
}

export type Step = (run: Run, cursor: Cursor) => Promise<void>;

export interface StepContext {
  readonly schema: GraphQLSchema;
  /** The values of variables that the client left out, for conditions. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** Turns a plan into one function, made once an operation and called once a request. */
export const compilePlan = (node: PlanNode, context: StepContext): Step => {
  switch (node.kind) {
    case 'Sequence':
      return inSequence(node.nodes.map((child) => compilePlan(child, context)));
    case 'Parallel':
      return inParallel(node.nodes.map((child) => compilePlan(child, context)));
    case 'Flatten':
      return atPath(node.path.map(String), compilePlan(node.node, context));
    case 'Fetch':
      return fetchStep(node, context);
    case 'Condition':
      return when(
        (variables) => own(variables, node.condition) ?? context.defaults[node.condition],
        node.ifClause && compilePlan(node.ifClause, context),
        node.elseClause && compilePlan(node.elseClause, context),
      );
    case 'Defer':
      throw new Error('@defer is not supported');
  }
};

export const rootCursor = (data: Entity): Cursor => ({ path: [], entities: [data] });

const inSequence =
  (steps: readonly Step[]): Step =>
  async (run, cursor) => {
    for (const step of steps) await step(run, cursor);
  };

const inParallel =
  (steps: readonly Step[]): Step =>
  async (run, cursor) => {
    await Promise.all(steps.map((step) => step(run, cursor)));
  };

const atPath =
  (path: readonly string[], step: Step): Step =>
  async (run, cursor) => {
    const entities = entitiesAt(cursor.entities, path);
    if (entities.length > 0) await step(run, { path: [...cursor.path, ...path], entities });
  };

const when =
  (
    isMet: (variables: Entity) => unknown,
    ifStep: Step | undefined,
    elseStep: Step | undefined,
  ): Step =>
  async (run, cursor) => {
    await (isMet(run.variables) === true ? ifStep : elseStep)?.(run, cursor);
  };

/** A failed fetch leaves a hole and an error; what does not depend on it goes on. */
const fetchStep = (node: FetchNode, context: StepContext): Step => {
  const fetch = compileFetch(node, context.schema);
  return async (run, cursor) => {
    try {
      await fetch(run, cursor);
    } catch (error) {
      run.errors.push(error as GraphQLError); // subgraphs reject with nothing else
    }
  };
};
