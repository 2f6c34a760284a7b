import type { Log } from '@lyceum/platform';
import {
  GraphQLError,
  MaxIntrospectionDepthRule,
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import { examples } from '../http/examples';
import { prepareOperation, type PreparedOperation } from '../execution/operation';
import { limitsRule } from '../limits/limits-rule';
import type { Settings } from '../options';
import { parseDocument } from './parse-operation';
import { loadSupergraph, type Supergraph } from './supergraph';

export interface OperationText {
  readonly query: string;
  readonly operationName: string | undefined;
}

interface KnownOperation extends OperationText {
  readonly prepared: PreparedOperation;
}

type Generation = Supergraph & { readonly known: Map<string, KnownOperation> };

/** How many operations stay planned; the least recently used are forgotten. */
const maxKnownOperations = 2_000;
/** How many of the latest are planned again before a new supergraph is switched to. */
const maxWarmedOperations = 300;

/** The supergraph in force, and the operations that are planned on it. */
export class Graph {
  private generation: Generation;
  private readonly bySchema = new WeakMap<GraphQLSchema, Generation>();
  private readonly listeners = new Set<(supergraph: Supergraph) => void>();
  private readonly log: Log;
  readonly validationRules: readonly ValidationRule[];

  constructor(private readonly settings: Settings) {
    this.log = settings.options.log;
    this.validationRules = [limitsRule(settings.limits), MaxIntrospectionDepthRule];
    this.generation = this.load(settings.options.supergraphSdl);
  }

  get supergraph(): Supergraph {
    return this.generation;
  }

  /** The listener is called at once, and at each change. The returned function ends that. */
  onChange(listener: (supergraph: Supergraph) => void): () => void {
    this.listeners.add(listener);
    listener(this.generation);
    return () => this.listeners.delete(listener);
  }

  /** Plans what clients will ask first, so that no client waits for it. */
  async warmUp(): Promise<void> {
    const { warmOperations = [] } = this.settings.options;
    const queries = [...examples.map(({ query }) => query), ...warmOperations];
    await this.warm(
      this.generation,
      queries.map((query) => ({ query, operationName: undefined })),
    );
  }

  /**
   * Switches to another supergraph, once the operations in use are planned on it. Requests under way end
   * on the one that they began on. Throws, and changes nothing, when the SDL is not valid.
   */
  async setSupergraph(sdl: string): Promise<void> {
    const next = this.load(sdl);
    if (next.id === this.generation.id) return;
    await this.warm(next, [...this.generation.known.values()].slice(-maxWarmedOperations));
    this.log.info({ from: this.generation.id, to: next.id }, 'supergraph.changed');
    this.generation = next;
    for (const listener of this.listeners) listener(next);
  }

  /** The operation, planned on the supergraph that has this schema. Throws GraphQLError when it can't be. */
  prepared(schema: GraphQLSchema, document: DocumentNode, text: OperationText): PreparedOperation {
    const generation = this.bySchema.get(schema) ?? this.generation;
    return this.known(generation, text, () => document);
  }

  /** Parses, validates and plans on the supergraph in force; throws the first GraphQLError. */
  preparedFromText(text: OperationText): PreparedOperation {
    return this.known(this.generation, text, () => this.validated(this.generation, text.query));
  }

  /** The operation, if it was found valid and planned on the supergraph in force before. */
  preparedBefore(text: OperationText): PreparedOperation | undefined {
    return find(this.generation.known, text);
  }

  private known(
    generation: Generation,
    text: OperationText,
    document: () => DocumentNode,
  ): PreparedOperation {
    const { known } = generation;
    const found = find(known, text);
    if (found !== undefined) return found;
    const prepared = prepareOperation(
      generation,
      { document: document(), operationName: text.operationName },
      this.settings,
    );
    known.set(keyOf(text), { ...text, prepared });
    if (known.size > maxKnownOperations) forgetOldest(known);
    return prepared;
  }

  private validated(supergraph: Supergraph, query: string): DocumentNode {
    const document = parseDocument(query, this.settings.limits);
    const rules = [...specifiedRules, ...this.validationRules];
    if (!this.settings.isExplorable) rules.push(NoSchemaIntrospectionCustomRule);
    const [error] = validate(supergraph.schema, document, rules);
    if (error !== undefined) throw this.refusal(error);
    return document;
  }

  /** As Apollo Server does it for HTTP: no names of fields that the client did not know. */
  private refusal({ message, nodes, extensions }: GraphQLError): GraphQLError {
    const shown = this.settings.isExplorable ? message : message.replace(/ Did you mean .*$/s, '');
    return new GraphQLError(shown, {
      nodes: nodes ?? null,
      extensions: { code: 'BAD_INPUT', ...extensions },
    });
  }

  private load(sdl: string): Generation {
    const generation: Generation = { ...loadSupergraph(sdl), known: new Map() };
    const addresses = new Set(this.settings.options.subgraphs.map(({ name }) => name));
    const missing = generation.subgraphNames.filter((name) => !addresses.has(name));
    if (missing.length > 0)
      throw new Error(`The supergraph needs the address of ${missing.join(', ')}.`);
    this.bySchema.set(generation.schema, generation);
    return generation;
  }

  /** One operation at a time, with other work in between: planning blocks the process for milliseconds. */
  private async warm(generation: Generation, operations: readonly OperationText[]): Promise<void> {
    for (const text of operations) {
      await new Promise((resolve) => setImmediate(resolve));
      try {
        this.known(generation, text, () => this.validated(generation, text.query));
      } catch (error) {
        this.log.debug({ err: error }, 'operation.no-longer-valid');
      }
    }
  }
}

/** No valid document has a NUL, so this is never another operation's key. */
const keyOf = ({ query, operationName }: OperationText): string =>
  operationName === undefined ? query : `${operationName}\0${query}`;

const find = (
  known: Map<string, KnownOperation>,
  text: OperationText,
): PreparedOperation | undefined => {
  const key = keyOf(text);
  const found = known.get(key);
  if (found === undefined) return undefined;
  known.delete(key);
  known.set(key, found); // the latest are last
  return found.prepared;
};

/** A Map keeps the order of insertion. */
const forgetOldest = (known: Map<string, unknown>): void => {
  for (const oldest of known.keys()) {
    known.delete(oldest);
    return;
  }
};
