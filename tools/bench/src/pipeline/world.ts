import {
  VoteRecorded,
  CommunityCreated,
  newId,
  type CommunityId,
  type MemberId,
} from '@lyceum/contracts';
import {
  createQueues,
  createSignals,
  migrate,
  openDatabase,
  serviceContext,
  silentLog,
  useCase,
  type AppDatabase,
  type Deps,
  type QueueServer,
} from '@lyceum/platform';
import type { EmbeddedPostgres } from '@lyceum/platform/embedded-postgres';
import * as reputation from '@lyceum/reputation/app';

/** A producer with an outbox, and reputation that consumes; each with a database of its own, as in production. */
export interface World {
  readonly producer: Deps;
  readonly consumer: Deps;
  close(): Promise<void>;
}

let databases = 0;

export const openWorld = async (
  postgres: EmbeddedPostgres,
  queueServer?: QueueServer,
): Promise<World> => {
  const log = silentLog();
  const fresh = async (): Promise<string> => {
    databases += 1;
    const name = `bench_${String(databases)}`;
    await postgres.ensureDatabase(name);
    return postgres.url(name);
  };
  const queues = await createQueues(queueServer ?? { postgresUrl: await fresh() }, log);
  const open = async (app: string, database: AppDatabase): Promise<Deps> => {
    const url = await fresh();
    const dataSource = await openDatabase({ ...database, url });
    await migrate(dataSource);
    return {
      app,
      dataSource,
      queues,
      signals: createSignals({ postgresUrl: url }, log),
      graph: { query: () => Promise.reject(new Error('not in a bench')) },
      log,
      now: () => new Date(),
    };
  };
  const producer = await open('content', { entities: [], migrations: [] });
  const consumer = await open('reputation', reputation.database);
  return {
    producer,
    consumer,
    close: async () => {
      await queues.close();
      for (const deps of [producer, consumer]) {
        await deps.signals.close();
        await deps.dataSource.destroy();
      }
    },
  };
};

export interface Crowd {
  readonly communityId: CommunityId;
  readonly members: readonly MemberId[];
}

export const aCrowd = (size: number): Crowd => ({
  communityId: newId<'Community'>(),
  members: Array.from({ length: size }, () => newId<'Member'>()),
});

/** Tells of the community, and of votes on its members' answers, one to each in turn. */
export const tell = useCase(
  async (tx, told: { crowd: Crowd; isNew: boolean; votes: number; from: number }) => {
    const { communityId, members } = told.crowd;
    if (told.isNew) {
      await tx.emit(CommunityCreated, {
        communityId,
        slug: 'bench',
        name: 'Bench',
        timeZone: 'UTC',
        rules: { preset: 'stack-exchange', parameters: {} },
      });
    }
    for (let n = told.from; n < told.from + told.votes; n += 1) {
      await tx.emit(VoteRecorded, {
        communityId,
        voteId: newId<'Vote'>(),
        version: 1,
        value: 1,
        targetType: 'answer',
        targetId: newId(),
        targetAuthorId: members[n % members.length] ?? null,
        voterId: members[(n * 7 + 1) % members.length] ?? null,
        earnsPoints: true,
      });
    }
  },
);

/** `total` votes in the outbox, nothing relayed yet. */
export const fillOutbox = async (producer: Deps, crowd: Crowd, total: number): Promise<void> => {
  const ctx = serviceContext(producer, 'bench');
  for (let from = 0; from < total; from += 500) {
    await tell(ctx, { crowd, isNew: from === 0, votes: Math.min(500, total - from), from });
  }
  // Nobody else listens here; what is for others would wait for ever.
  await producer.dataSource.query(
    `DELETE FROM outbox WHERE destination <> 'reputation-incentives'`,
  );
};
