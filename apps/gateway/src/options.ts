import type { Log, Revocations, TokenVerifier } from '@lyceum/platform';

/** One subgraph: the name it has in the supergraph, and where it answers. */
export interface SubgraphAddress {
  readonly name: string;
  /** The base address, `http://host:port`; the gateway adds `/graphql`, `/graphql/stream` and `/health/ready`. */
  readonly url: string;
}

/** What a client may ask for. Every limit answers LIMIT_EXCEEDED, before any subgraph is asked. */
export interface Limits {
  readonly maxBodyBytes: number;
  readonly maxTokens: number;
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxDirectives: number;
  /** Selections of one response name in one selection set: a field asked twice costs as much as two. */
  readonly maxRepeats: number;
  readonly maxRootFields: number;
  /** Objects and values the answer may have at most, counted with `first` and the like. */
  readonly maxCost: number;
  /** How long a list without a size argument is taken to be. */
  readonly assumedListSize: number;
}

export interface Deadlines {
  /** From the arrival of a request to its answer, whatever the number of hops. */
  readonly requestMs: number;
  /** One call to a subgraph. */
  readonly fetchMs: number;
  readonly connectMs: number;
  /** A subscription's upstream that sends nothing, not even a ping, for this long is taken for dead. */
  readonly streamSilenceMs: number;
}

export interface SubgraphLimits {
  readonly connections: number;
  /** Calls under way at once, queued ones included; further ones are refused at once (bulkhead). */
  readonly maxInFlight: number;
  readonly maxResponseBytes: number;
}

export interface SubscriptionLimits {
  readonly maxConnections: number;
  readonly maxPerConnection: number;
  /** Events waiting for one slow client before it is disconnected. */
  readonly maxQueuedEvents: number;
  readonly maxMessageBytes: number;
  /** Messages a client may send in ten seconds. */
  readonly maxMessagesPer10s: number;
  readonly connectionInitMs: number;
  /** How often a connection's token is verified again while events flow. */
  readonly recheckTokenMs: number;
  /** Attempts to reopen a lost upstream before its clients get SUBGRAPH_UNAVAILABLE. */
  readonly maxReconnects: number;
  readonly reconnectBaseMs: number;
}

export interface GatewayOptions {
  readonly subgraphs: readonly SubgraphAddress[];
  /** The composed supergraph; `setSupergraph` replaces it later. */
  readonly supergraphSdl: string;
  readonly gatewaySecret: string;
  readonly verifyToken: TokenVerifier;
  /** Tells when a session ends before its time, so that its subscriptions end with it. */
  readonly revocations?: Pick<Revocations, 'onRevoked'>;
  /** How many proxies stand before the gateway and tell the client's address in `X-Forwarded-For`. */
  readonly trustedProxies?: number;
  readonly log: Log;
  /** Introspection, GraphiQL and field suggestions. */
  readonly isExplorable?: boolean;
  /** Browser origins that may open WebSockets besides the gateway's own host; `*` allows all. */
  readonly allowedOrigins?: readonly string[];
  /** Operations planned before the first client asks, besides GraphiQL's examples. */
  readonly warmOperations?: readonly string[];
  readonly limits?: Partial<Limits>;
  readonly deadlines?: Partial<Deadlines>;
  readonly subgraphLimits?: Partial<SubgraphLimits>;
  readonly subscriptionLimits?: Partial<SubscriptionLimits>;
  readonly now?: () => number;
}

export const defaultLimits: Limits = {
  maxBodyBytes: 1024 * 1024,
  maxTokens: 2_000,
  maxDepth: 15,
  maxAliases: 30,
  maxDirectives: 50,
  maxRepeats: 20,
  maxRootFields: 30,
  maxCost: 20_000,
  assumedListSize: 10,
};

export const defaultDeadlines: Deadlines = {
  requestMs: 15_000,
  fetchMs: 8_000,
  connectMs: 1_000,
  streamSilenceMs: 45_000,
};

export const defaultSubgraphLimits: SubgraphLimits = {
  connections: 64,
  maxInFlight: 1_024,
  maxResponseBytes: 16 * 1024 * 1024,
};

export const defaultSubscriptionLimits: SubscriptionLimits = {
  maxConnections: 10_000,
  maxPerConnection: 50,
  maxQueuedEvents: 64,
  maxMessageBytes: 64 * 1024,
  maxMessagesPer10s: 200,
  connectionInitMs: 5_000,
  recheckTokenMs: 15_000,
  maxReconnects: 6,
  reconnectBaseMs: 200,
};

/** The options with every default filled in: what the parts of the gateway are made from. */
export interface Settings {
  readonly options: GatewayOptions;
  readonly limits: Limits;
  readonly deadlines: Deadlines;
  readonly subgraphLimits: SubgraphLimits;
  readonly subscriptionLimits: SubscriptionLimits;
  readonly isExplorable: boolean;
  readonly now: () => number;
}

export const settingsOf = (options: GatewayOptions): Settings => ({
  options,
  limits: { ...defaultLimits, ...options.limits },
  deadlines: { ...defaultDeadlines, ...options.deadlines },
  subgraphLimits: { ...defaultSubgraphLimits, ...options.subgraphLimits },
  subscriptionLimits: { ...defaultSubscriptionLimits, ...options.subscriptionLimits },
  isExplorable: options.isExplorable ?? false,
  now: options.now ?? Date.now,
});
