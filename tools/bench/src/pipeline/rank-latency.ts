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
  const read = (memberId: MemberId) =>
    standingOf(app.schema, serviceContext(world.consumer, 'bench'), memberId);
  await settled(read, memberOf(crowd, members - 1));

  const samples: Promise<number>[] = [];
  const others: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let n = 0; n < options.seconds * perSecond; n += 1) {
    const dueAt = startedAt + (n * 1000) / perSecond;
    const earlyMs = dueAt - performance.now();
    if (earlyMs > 1) await new Promise((resolve) => setTimeout(resolve, earlyMs));
    const member = memberOf(crowd, n);
    const isSampled = n % sampleEvery === 0;
    const before = isSampled ? await read(member) : null;
    const committed = tell(producer, { crowd, isNew: false, votes: 1, from: n });
    if (before !== null)
      samples.push(committed.then(() => visibleAfter(read, member, before.points)));
  }
  await Promise.all(others);
  const latencies = await Promise.all(samples);
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
type Read = (memberId: MemberId) => Promise<Standing>;

const standingOf = async (
  schema: GraphQLSchema,
  ctx: Ctx,
  memberId: MemberId,
): Promise<Standing> => {
  const { data, errors } = await graphql({
    schema,
    source:
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Member { points rank } } }',
    variableValues: { r: [{ __typename: 'Member', id: memberId }] },
    contextValue: ctx,
  });
  if (errors !== undefined) throw errors[0] ?? new Error('no answer');
  return (data as unknown as { _entities: [Standing] })._entities[0];
};

const visibleAfter = async (read: Read, member: MemberId, points: number): Promise<number> => {
  const committedAt = performance.now();
  while ((await read(member)).points === points)
    await new Promise((resolve) => setTimeout(resolve, 5));
  return performance.now() - committedAt;
};

const settled = async (read: Read, member: MemberId): Promise<void> => {
  while ((await read(member)).points <= 1) await new Promise((resolve) => setTimeout(resolve, 20));
};
