import type * as Contracts from '@lyceum/contracts';
import {
  MembershipChanged,
  newId,
  type AccountId,
  type CommunityId,
  type Envelope,
  type MemberId,
} from '@lyceum/contracts';
import {
  describeWithRedis,
  emptyDatabase,
  startTestRedis,
  testDatabase,
  waitFor,
  type TestRedis,
} from '@lyceum/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  ackQueue,
  consume,
  createQueues,
  eventQueue,
  isCaughtUp,
  relayOnce,
  replayDeadLetters,
  resendLost,
  serviceContext,
  silentLog,
  startAcknowledgements,
  startConsumers,
  startRelay,
  useCase,
  type AppDatabase,
  type Consumer,
  type Deps,
  type EventBatch,
  type Queues,
} from './index';

/*
 * How an event travels, by example: a use case emits, the relay queues, a consumer counts. Producer and
 * consumer share one database here; in production each app has its own.
 */

class Effects1750000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE joined (member_id uuid PRIMARY KEY);
      CREATE TABLE effect (member_id uuid NOT NULL);`);
  }
  async down(): Promise<void> {}
}
const database: AppDatabase = { entities: [], migrations: [Effects1750000000001] };
const communityId = newId<'Community'>();

const join = useCase(async (tx, memberId: MemberId) => {
  await tx.db.query('INSERT INTO joined VALUES ($1)', [memberId]);
  await tx.emit(MembershipChanged, membership(communityId, memberId));
});

const membership = (community: CommunityId, memberId: MemberId) => ({
  memberId,
  accountId: newId<'Account'>() as AccountId,
  communityId: community,
  role: 'member' as const,
  status: 'active' as const,
  version: 1,
});

/** Not idempotent by itself: a second run for an event would leave a second row. */
const count = (fail: (memberId: MemberId) => void = () => undefined): Consumer =>
  consume({
    name: 'test.count',
    destination: 'payments',
    types: [MembershipChanged],
    handle: async (tx, events) => {
      for (const { payload } of events) {
        await tx.db.query('INSERT INTO effect VALUES ($1)', [payload.memberId]);
        fail(payload.memberId);
      }
    },
  });
const ignoreCommunities: Consumer = {
  name: 'test.ignore',
  destination: 'payments',
  types: [],
  handle: () => Promise.resolve(),
};

interface World {
  deps: Deps;
  queues: Queues;
  close(): Promise<void>;
}

const worldOn = async (server: { redisUrl: string } | { postgresUrl: string }): Promise<World> => {
  const { dataSource, drop } = await testDatabase(database);
  const queues = await createQueues(server, silentLog());
  const deps: Deps = {
    app: 'test',
    dataSource,
    queues,
    signals: {
      publish: () => undefined,
      listen: () => {
        throw new Error('none');
      },
      close: () => Promise.resolve(),
    },
    graph: { query: () => Promise.reject(new Error('none')) },
    log: silentLog(),
    now: () => new Date(),
  };
  return {
    deps,
    queues,
    close: async () => {
      await queues.close();
      await drop();
    },
  };
};

// The `payments` destination also hears of communities; these tests only tell of memberships.
jest.mock('@lyceum/contracts', () => {
  const actual = jest.requireActual<typeof Contracts>('@lyceum/contracts');
  return {
    ...actual,
    routes: new Map([[actual.MembershipChanged, ['payments']]]),
    destinationsOf: () => ['payments'],
  };
});

const effects = async (deps: Deps): Promise<string[]> => {
  const rows: { member_id: string }[] = await deps.dataSource.query(
    'SELECT member_id FROM effect ORDER BY 1',
  );
  return rows.map((row) => row.member_id);
};
const joinMany = async (deps: Deps, n: number): Promise<string[]> => {
  const ids = Array.from({ length: n }, () => newId<'Member'>());
  for (const id of ids) await join(serviceContext(deps, 'r'), id);
  return ids.sort();
};

const deliveryTests = (
  start: () => Promise<{
    server: { redisUrl: string } | { postgresUrl: string };
    stop(): Promise<void>;
  }>,
) => {
  let world: World;
  let stop: () => Promise<void>;
  beforeEach(async () => {
    const started = await start();
    stop = started.stop;
    world = await worldOn(started.server);
  });
  afterEach(async () => {
    await world.close();
    await stop();
  });

  it('delivers each event, in effect exactly once, and then forgets it', async () => {
    const workers = [
      startRelay(world.deps),
      startAcknowledgements(world.deps),
      startConsumers(world.deps, 'payments', [count(), ignoreCommunities]),
    ];

    const ids = await joinMany(world.deps, 50);

    await waitFor(() => isCaughtUp(world.deps.dataSource));
    expect(await effects(world.deps)).toEqual(ids);
    await Promise.all(workers.map((worker) => worker.close()));
  });

  it('delivers nothing of a use case that fails, and keeps nothing of it', async () => {
    const fails = useCase(async (tx, id: MemberId) => {
      await tx.emit(MembershipChanged, membership(communityId, id));
      throw new Error('after emit');
    });

    await expect(fails(serviceContext(world.deps, 'r'), newId())).rejects.toThrow('after emit');

    expect(await isCaughtUp(world.deps.dataSource)).toBe(true);
  });

  it('gives one effect for five deliveries in any order', async () => {
    const ids = await joinMany(world.deps, 20);
    const rows: {
      id: string;
      event_id: string;
      type: string;
      occurred_at: Date;
      payload: unknown;
    }[] = await world.deps.dataSource.query('SELECT * FROM outbox ORDER BY random()');
    const events = rows.map((row) => ({
      id: row.event_id as Envelope['id'],
      type: row.type,
      occurredAt: row.occurred_at.toISOString(),
      requestId: 'r',
      payload: row.payload,
    }));
    for (let time = 0; time < 5; time += 1) {
      for (const event of [...events].reverse()) {
        const data: EventBatch = { producer: 'test', outboxIds: [], events: [event, event] };
        await world.queues.add(eventQueue('payments'), [{ name: 'events', data }]);
      }
    }

    const consumers = startConsumers(world.deps, 'payments', [count()]);

    await waitFor(() => world.queues.backlog(eventQueue('payments')), { until: (n) => n === 0 });
    expect(await effects(world.deps)).toEqual(ids);
    await consumers.close();
  });

  it('tries a failed batch again, and sets a poisonous event aside without the others', async () => {
    const ids = await joinMany(world.deps, 10);
    const poison = ids[3];
    let isHealed = false;
    const consumer = count((id) => {
      if (id === poison && !isHealed) throw new Error('poison');
    });
    const workers = [
      startRelay(world.deps),
      startAcknowledgements(world.deps),
      startConsumers(world.deps, 'payments', [consumer]),
    ];

    await waitFor(() => isCaughtUp(world.deps.dataSource));

    expect(await effects(world.deps)).toEqual(ids.filter((id) => id !== poison));
    isHealed = true;
    expect(await replayDeadLetters(world.deps, [consumer])).toEqual({ replayed: 1, failed: 0 });
    expect(await effects(world.deps)).toEqual(ids);
    await Promise.all(workers.map((worker) => worker.close()));
  });

  it('sends again what the queue has lost', async () => {
    const ids = await joinMany(world.deps, 5);
    const nowhere: Queues = { ...world.queues, add: () => Promise.resolve() };
    await relayOnce({ ...world.deps, queues: nowhere });
    expect(await resendLost(world.deps.dataSource, world.queues)).toBe(0); // not overdue yet
    await world.deps.dataSource.query(
      `UPDATE outbox SET dispatched_at = now() - interval '1 minute'`,
    );

    expect(await resendLost(world.deps.dataSource, world.queues)).toBe(5);

    const workers = [
      startRelay(world.deps),
      startAcknowledgements(world.deps),
      startConsumers(world.deps, 'payments', [count()]),
    ];
    await waitFor(() => isCaughtUp(world.deps.dataSource));
    expect(await effects(world.deps)).toEqual(ids);
    await Promise.all(workers.map((worker) => worker.close()));
  });

  it('queues an event again when the relay dies before its commit', async () => {
    const ids = await joinMany(world.deps, 3);
    const dying: Queues = {
      ...world.queues,
      add: async (queue, jobs) => {
        await world.queues.add(queue, jobs);
        throw new Error('killed');
      },
    };
    await expect(relayOnce({ ...world.deps, queues: dying })).rejects.toThrow('killed');

    const workers = [
      startRelay(world.deps),
      startAcknowledgements(world.deps),
      startConsumers(world.deps, 'payments', [count()]),
    ];

    await waitFor(() => isCaughtUp(world.deps.dataSource));
    await waitFor(() => world.queues.backlog(ackQueue('test')), { until: (n) => n === 0 });
    expect(await effects(world.deps)).toEqual(ids);
    await Promise.all(workers.map((worker) => worker.close()));
  });

  it('relays from many processes at once without loss', async () => {
    const ids = await joinMany(world.deps, 40);
    await Promise.all(Array.from({ length: 6 }, () => relayOnce(world.deps)));

    const workers = [
      startAcknowledgements(world.deps),
      startConsumers(world.deps, 'payments', [count()]),
    ];

    await waitFor(() => isCaughtUp(world.deps.dataSource));
    expect(await effects(world.deps)).toEqual(ids);
    await Promise.all(workers.map((worker) => worker.close()));
  });
};

describe('delivery on PostgreSQL', () => {
  deliveryTests(async () => {
    const { url, drop } = await emptyDatabase();
    return { server: { postgresUrl: url }, stop: drop };
  });
});

describeWithRedis('delivery on Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterAll(() => redis.stop());
  deliveryTests(() =>
    Promise.resolve({ server: { redisUrl: redis.url }, stop: () => Promise.resolve() }),
  );

  it('survives the death of Redis and the loss of all it held', async () => {
    const world = await worldOn({ redisUrl: redis.url });
    const first = await joinMany(world.deps, 10);
    await relayOnce(world.deps);
    await redis.kill();
    await redis.start();
    const { Redis } = await import('ioredis');
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
    const second = await joinMany(world.deps, 10);
    await world.deps.dataSource.query(
      `UPDATE outbox SET dispatched_at = dispatched_at - interval '1 minute'`,
    );

    const workers = [
      startRelay(world.deps),
      startAcknowledgements(world.deps),
      startConsumers(world.deps, 'payments', [count()]),
    ];

    await waitFor(() => isCaughtUp(world.deps.dataSource), { timeoutMs: 20_000 });
    expect(await effects(world.deps)).toEqual([...first, ...second].sort());
    await Promise.all(workers.map((worker) => worker.close()));
    await world.close();
  });
});
