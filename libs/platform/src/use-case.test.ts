import { DisputeChanged, MemberJoined, newId, type CommunityId } from '@lyceum/contracts';
import { emitted, testWorld, type TestWorld } from '@lyceum/testing';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import {
  UserError,
  defineJob,
  enqueue,
  jobQueue,
  migrate,
  parseEnv,
  schemaDrift,
  useCase,
} from './index';

class TooMany extends UserError {
  readonly code = 'TOO_MANY' as const;
  readonly message = 'There are too many.';
}

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld({ app: 'test', database: { entities: [], migrations: [] } });
});
afterAll(() => world.close());
beforeEach(() => world.db.query('TRUNCATE outbox, inbox'));

const joined = () => ({
  memberId: newId<'Member'>(),
  accountId: newId<'Account'>(),
  communityId: newId<'Community'>(),
});
const note = (db: EntityManager, id: string): Promise<unknown> =>
  db.query('INSERT INTO inbox (consumer, event_id) VALUES ($1, $2)', ['note', id]);

describe('a use case', () => {
  it('commits what it changes with what it tells, at the time it happened', async () => {
    world.setNow('2026-03-01T10:00:00Z');
    const fact = joined();
    const join = useCase(async (tx, id: string) => {
      await note(tx.db, id);
      await tx.emit(MemberJoined, fact);
      return 'joined' as const;
    });

    expect(await join(world.as(null), newId())).toBe('joined');

    expect(await emitted(world.db)).toEqual([
      { type: MemberJoined.name, payload: fact, occurredAt: new Date('2026-03-01T10:00:00Z') },
    ]);
  });

  it('changes and tells nothing when it refuses', async () => {
    const refuse = useCase(async (tx, id: string) => {
      await note(tx.db, id);
      await tx.emit(MemberJoined, joined());
      return new TooMany();
    });

    expect(await refuse(world.as(null), newId())).toEqual(new TooMany());

    expect(await emitted(world.db)).toEqual([]);
    expect(await world.db.query('SELECT * FROM inbox')).toEqual([]);
  });

  it('emits nothing that contracts would not read', async () => {
    const wrong = useCase((tx, memberId: string) =>
      tx.emit(MemberJoined, { ...joined(), memberId: memberId as never }),
    );

    await expect(wrong(world.as(null), 'no id')).rejects.toThrow('not an id');
  });

  it('leaves no row for an event that nobody consumes', async () => {
    const dispute = useCase((tx, communityId: CommunityId) =>
      tx.emit(DisputeChanged, {
        ...{ communityId, disputeId: newId<'Dispute'>(), orderId: newId<'Order'>() },
        ...{ status: 'open' as const, version: 1 },
      }),
    );
    await dispute(world.as(null), newId<'Community'>());
    expect(await emitted(world.db)).toEqual([]);
  });

  it('tries again after a deadlock, and tells its signals once', async () => {
    let tries = 0;
    let told = 0;
    const deadlocks = useCase(async (tx, _: null) => {
      tx.afterCommit(() => (told += 1));
      tries += 1;
      if (tries < 3)
        await tx.db.query(`DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$`);
      return 'done';
    });
    expect(await deadlocks(world.as(null), null)).toBe('done');
    expect([tries, told]).toEqual([3, 1]);
  });
});

describe('a job', () => {
  it('is queued with its limits, and only with input it can read', async () => {
    const job = defineJob({
      name: 'test.greet',
      input: z.object({ name: z.string() }),
      attempts: 8,
      timeoutMs: 1_000,
      concurrency: 1,
      run: () => Promise.resolve(),
    });

    await enqueue(world.deps, job, { input: { name: 'ada' }, id: 'greet-ada', delayMs: 5 });

    expect(world.queued.get(jobQueue(job))).toEqual([
      { name: 'test.greet', data: { name: 'ada' }, attempts: 8, id: 'greet-ada', delayMs: 5 },
    ]);
    await expect(enqueue(world.deps, job, { input: {} as never })).rejects.toThrow();
  });
});

describe('the database', () => {
  it('migrates once however many ask at a time', async () => {
    expect(await Promise.all([1, 2, 3].map(() => migrate(world.deps.dataSource)))).toEqual([
      [],
      [],
      [],
    ]);
    expect(await schemaDrift(world.deps.dataSource)).toEqual([]);
  });
});

describe('the environment', () => {
  it('is refused with every problem at once', () => {
    const exit = jest.spyOn(process, 'exit').mockImplementation(() => {
      throw new Error('exit');
    });
    const write = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);

    expect(() => parseEnv(z.object({ A: z.string(), B: z.coerce.number() }), { B: 'x' })).toThrow(
      'exit',
    );

    expect(exit).toHaveBeenCalledWith(1);
    expect(String(write.mock.calls[0]?.[0])).toMatch(/A: .*\n\s+B: /);
    exit.mockRestore();
    write.mockRestore();
  });
});
