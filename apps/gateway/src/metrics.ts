import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the gateway tells Prometheus. */
export interface GatewayMetrics {
  readonly registry: Registry;
  operation(seen: {
    readonly kind: string;
    readonly outcome: string;
    readonly seconds: number;
  }): void;
  fetch(subgraph: string, outcome: string, seconds: number): void;
  event(outcome: string): void;
  /** Adds gauges of what is open now. */
  watch(live: LiveCounts): void;
}

/** Numbers that are read when somebody asks for them. */
export interface LiveCounts {
  readonly subscriptions: () => number;
  readonly upstreams: () => number;
  readonly sockets: () => number;
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export const createMetrics = (): GatewayMetrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ app: 'gateway' });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const operations = new Histogram({
    name: 'lyceum_request_seconds',
    help: 'Duration of GraphQL operations, by kind and by the code of the first error',
    labelNames: ['kind', 'status'],
    buckets,
    registers,
  });
  const fetches = new Histogram({
    name: 'lyceum_subgraph_fetch_seconds',
    help: 'Duration of calls to subgraphs',
    labelNames: ['subgraph', 'status'],
    buckets,
    registers,
  });
  const events = new Counter({
    name: 'lyceum_subscription_events_total',
    help: 'Events of subscriptions that were delivered to clients, or could not be',
    labelNames: ['status'],
    registers,
  });
  const observeOperation = observerOf(operations);
  const observeFetch = observerOf(fetches);
  return {
    registry,
    operation: ({ kind, outcome, seconds }) => observeOperation([kind, outcome], seconds),
    fetch: (subgraph, outcome, seconds) => observeFetch([subgraph, outcome], seconds),
    event: (outcome) => events.labels(outcome).inc(),
    watch: (live) => {
      const gauge = gaugeOn(registry);
      gauge('lyceum_subscriptions', 'Subscriptions that clients have open', live.subscriptions);
      gauge('lyceum_subscription_upstreams', 'Streams open at subgraphs', live.upstreams);
      gauge('lyceum_websockets', 'WebSockets that clients have open', live.sockets);
    },
  };
};

const gaugeOn =
  (registry: Registry) =>
  (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };

/** Looks each combination of labels up in the library once: it is asked for at every call to a subgraph. */
const observerOf = (
  histogram: Histogram,
): ((labels: readonly [string, string], value: number) => void) => {
  const known = new Map<string, ReturnType<Histogram['labels']>>();
  return (labels, value) => {
    const key = labels.join(' ');
    let child = known.get(key);
    if (child === undefined) known.set(key, (child = histogram.labels(...labels)));
    child.observe(value);
  };
};
