import { routes } from '@lyceum/contracts';
import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Deps } from './context';

export interface Metrics {
  readonly registry: Registry;
  readonly requestSeconds: Histogram<'status'>;
}

/** Prometheus metrics of one app. The outbox gauges are what autoscalers should watch. */
export const createMetrics = (deps: Pick<Deps, 'app' | 'dataSource'>): Metrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ app: deps.app });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  const readOutbox = async (): Promise<{ waiting: number; lag: number; dead: number }> => {
    const [row] = await deps.dataSource.query<{ waiting: number; lag: number; dead: number }[]>(
      `SELECT count(*)::int AS waiting,
              coalesce(extract(epoch FROM now() - min(created_at)), 0)::float AS lag,
              (SELECT count(*)::int FROM dead_letter) AS dead
       FROM outbox`,
    );
    return row ?? { waiting: 0, lag: 0, dead: 0 };
  };
  const waiting = new Gauge({
    name: 'lyceum_outbox_events',
    help: 'Events not consumed yet',
    registers,
  });
  const dead = new Gauge({
    name: 'lyceum_dead_letters',
    help: 'Events no consumer could take',
    registers,
  });
  new Gauge({
    name: 'lyceum_outbox_lag_seconds',
    help: 'Age of the oldest event not consumed yet',
    registers,
    async collect() {
      const outbox = await readOutbox();
      this.set(outbox.lag);
      waiting.set(outbox.waiting);
      dead.set(outbox.dead);
    },
  });
  addLagOfDestinations(deps, registry);
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'lyceum_request_seconds',
      help: 'Duration of GraphQL requests',
      labelNames: ['status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
  };
};

const destinations = new Set([...routes.values()].flat());

/** How late each group of consumers is with this app's events: what scales one group and not its neighbours. */
const addLagOfDestinations = (deps: Pick<Deps, 'dataSource'>, registry: Registry): void => {
  const waiting = new Gauge({
    name: 'lyceum_events_waiting',
    help: 'Events that a destination has not consumed yet',
    labelNames: ['destination'],
    registers: [registry],
  });
  new Gauge({
    name: 'lyceum_events_lag_seconds',
    help: 'Age of the oldest event that a destination has not consumed yet',
    labelNames: ['destination'],
    registers: [registry],
    async collect() {
      const rows = await deps.dataSource.query<
        { destination: string; events: number; lag: number }[]
      >(
        `SELECT destination, count(*)::int AS events, extract(epoch FROM now() - min(created_at))::float AS lag
         FROM outbox GROUP BY destination`,
      );
      for (const destination of destinations) {
        const row = rows.find((one) => one.destination === destination);
        this.set({ destination }, row?.lag ?? 0);
        waiting.set({ destination }, row?.events ?? 0);
      }
    },
  });
};
