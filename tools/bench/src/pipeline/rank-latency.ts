import assert from 'node:assert';
import type { MemberId } from '@lyceum/contracts';
import {
  serviceContext,
  startAcknowledgements,
  startConsumers,
  startRelay,
  type Ctx,
  type QueueServer,
} from '@lyceum/platform';
import type { EmbeddedPostgres } from '@lyceum/platform/embedded-postgres';
import * as reputation from '@lyceum/reputation/app';
import { graphql, type GraphQLSchema } from 'graphql';
import { absolute, quantile, type Figure } from '../figures';
import { aCrowd, fillOutbox, openWorld, tell, type Crowd } from './world';

const perSecond = 500;
const members = 2_000;
const sampleEvery = 25;
/** All who wait to be seen are looked at together, so that a slow moment makes no load of its own. */
const lookEveryMs = 20;

/**
 * From a vote's commit to the moment the graph shows the new points and rank, at 500 votes a second in an
 * open loop: a slow moment delays no later vote, so it cannot hide (no coordinated omission).
 */
export const runRankLatencyBench = async (
  postgres: EmbeddedPostgres,
  options: { seconds: number; queue: string; queueServer?: QueueServer },
): Promise<readonly Figure[]> => {
  const world = await openWorld(postgres, options.queueServer);
  const app = reputation.createApp(world.consumer);
  const parts = [
    startRelay(world.producer),
    startAcknowledgements(world.producer),
    startConsumers(world.consumer, 'reputation-incentives', app.consumers),
  ];
  const crowd = aCrowd(members);
  await fillOutbox(world.producer, crowd, members); // everyone has points, so that ranks cost something
  const producer = serviceContext(world.producer, 'bench');
  const read = (memberIds: readonly MemberId[]) =>
    standingsOf(app.schema, serviceContext(world.consumer, 'bench'), memberIds);
  const watch = new Watch(read);
  await watch.until(memberOf(crowd, members - 1), ({ points }) => points > 1);

  const samples: Promise<number>[] = [];
  const commits: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let n = 0; n < options.seconds * perSecond; n += 1) {
    const dueAt = startedAt + (n * 1000) / perSecond;
    const earlyMs = dueAt - performance.now();
    if (earlyMs > 1) await new Promise((resolve) => setTimeout(resolve, earlyMs));
    const member = memberOf(crowd, n);
    const before = n % sampleEvery === 0 ? await watch.now(member) : null;
    const committed = tell(producer, { crowd, isNew: false, votes: 1, from: n });
    commits.push(committed);
    if (before === null) continue;
    samples.push(committed.then(() => watch.until(member, ({ points }) => points > before.points)));
  }
  await Promise.all(commits);
  const latencies = await Promise.all(samples);
  watch.end();
  await Promise.all(parts.map((part) => part.close()));
  await world.close();
  return [
    absolute(
      {
        name: `commit → rank visible, p99 at ${String(perSecond)} events/s on ${options.queue}`,
        unit: 'ms',
        atMost: 250,
      },
      [quantile(latencies, 0.99)],
    ),
  ];
};

const memberOf = (crowd: Crowd, n: number): MemberId => {
  const member = crowd.members[n % crowd.members.length];
  assert(member !== undefined, 'a crowd has members');
  return member;
};

interface Standing {
  readonly points: number;
  readonly rank: number | null;
}
type Read = (memberIds: readonly MemberId[]) => Promise<readonly Standing[]>;

const standingsOf = async (
  schema: GraphQLSchema,
  ctx: Ctx,
  memberIds: readonly MemberId[],
): Promise<readonly Standing[]> => {
  const { data, errors } = await graphql({
    schema,
    source:
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Member { points rank } } }',
    variableValues: { r: memberIds.map((id) => ({ __typename: 'Member', id })) },
    contextValue: ctx,
  });
  if (errors !== undefined) throw errors[0] ?? new Error('no answer');
  return (data as unknown as { _entities: readonly Standing[] })._entities;
};

interface Waiting {
  readonly member: MemberId;
  readonly isThere: (standing: Standing) => boolean;
  readonly seen: () => void;
}

/** Looks at members until what is waited for is there. */
class Watch {
  private waiting: Waiting[] = [];
  private readonly timer = setInterval(() => void this.look(), lookEveryMs);
  private isLooking = false;

  constructor(private readonly read: Read) {}

  async now(member: MemberId): Promise<Standing> {
    const [standing] = await this.read([member]);
    assert(standing !== undefined, 'each representation has its answer');
    return standing;
  }

  /** Milliseconds until it was there. */
  until(member: MemberId, isThere: Waiting['isThere']): Promise<number> {
    const from = performance.now();
    return new Promise((resolve) => {
      const seen = () => {
        resolve(performance.now() - from);
      };
      this.waiting.push({ member, isThere, seen });
    });
  }

  end(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    if (this.isLooking || this.waiting.length === 0) return;
    this.isLooking = true;
    const looked = this.waiting;
    this.waiting = [];
    const standings = await this.read(looked.map(({ member }) => member));
    looked.forEach((one, index) => {
      const standing = standings[index];
      if (standing !== undefined && one.isThere(standing)) one.seen();
      else this.waiting.push(one);
    });
    this.isLooking = false;
  }
}
