import {
  BehaviourReported,
  importedId,
  newId,
  OrderPaid,
  OrderRefunded,
  QuestionAsked,
  type MemberId,
} from '@lyceum/contracts';
import type { Ctx, Deps } from '@lyceum/platform';
import { ensureMonths } from '../activity/months';
import { askEntities } from '../ask.factory';
import { anEvent, communityCreated } from '../deliver.factory';
import { aLivedInWorld, type LivedIn } from '../lived-in.factory';
import { metricNamed } from '../metrics/catalogue';

let lived: LivedIn;
beforeAll(async () => {
  lived = await aLivedInWorld();
});
afterAll(() => lived.world.close());

const owner = (): Ctx => {
  const ctx = lived.world.as(newId<'Account'>());
  const deps: Deps = {
    ...ctx.deps,
    graph: {
      query: <Data>() =>
        Promise.resolve({ internalMembership: { role: 'owner', status: 'active' } } as Data),
    },
  };
  return {
    ...ctx,
    deps,
    actor: ctx.actor.kind === 'user' ? { ...ctx.actor, scopes: ['*'] } : ctx.actor,
  };
};

interface Sums {
  hoursRead: number;
  activities: number;
  netMinor: number;
}

it('adds up: the parts of a hundred members and of nobody are the totals of the metrics', async () => {
  const id = newId<'Community'>();
  const members = Array.from({ length: 100 }, (_, n) => importedId<'Member'>(id, n) as MemberId);
  const occurredAt = '2021-05-03T10:00:00Z';
  const read = (viewer: string, memberId: MemberId | null, ms: number) =>
    lived.world.db.query(
      `WITH event AS (
         INSERT INTO behaviour_event (event_id, community_id, kind, audience, viewer, member_id, subject_type, subject_id,
           duration_ms, occurred_at, received_at)
         VALUES ($1, $2, 'read', $3, $4, $5, 'question', 'q', $6, $7, $7) RETURNING *)
       INSERT INTO behaviour_pending SELECT community_id, event_id, occurred_at FROM event`,
      [newId(), id, memberId === null ? 'visitor' : 'member', viewer, memberId, ms, occurredAt],
    );
  await ensureMonths(lived.world.db, 'behaviour_event', [new Date(occurredAt)]);
  for (const [n, member] of members.entries()) await read(member, member, (n + 1) * 60_000);
  await read('visitor', null, 3_600_000);
  const order = (n: number) => importedId<'Order'>(id, 'order', n);
  await lived.receive([
    communityCreated(id),
    anEvent(BehaviourReported, { communityId: id }),
    ...members.flatMap((authorId, n) =>
      Array.from({ length: n % 5 }, () =>
        anEvent(
          QuestionAsked,
          { communityId: id, questionId: newId<'Question'>(), authorId },
          { occurredAt },
        ),
      ),
    ),
    ...members.slice(0, 10).map((buyerMemberId, n) =>
      anEvent(
        OrderPaid,
        {
          ...{ communityId: id, orderId: order(n), buyerId: newId<'Account'>(), buyerMemberId },
          ...{
            purposes: ['product'],
            productIds: [],
            totalMinor: String(100 * (n + 1)),
            currency: 'CNY',
          },
        },
        { occurredAt },
      ),
    ),
    anEvent(
      OrderRefunded,
      {
        ...{
          communityId: id,
          orderId: order(9),
          buyerId: newId<'Account'>(),
          sourceType: 'refund',
          sourceId: newId(),
        },
        ...{ amountMinor: '250', refundedMinor: '250', currency: 'CNY', isFull: false },
      },
      { occurredAt },
    ),
  ]);

  const [found] = await askEntities<{
    objectives: {
      totals: Sums;
      unattributed: Sums;
      members: (Sums & { member: { id: string } })[];
    };
  }>(
    { schema: lived.schema, ctx: owner() },
    [{ __typename: 'Community', id }],
    `... on Community { objectives(from: "2021-05-01", to: "2021-05-31", first: 100) {
      totals { hoursRead activities netMinor } unattributed { hoursRead activities netMinor }
      members { hoursRead activities netMinor member { id } } } }`,
  );
  const { totals, unattributed, members: parts } = found?.objectives ?? {};

  expect(parts).toHaveLength(100);
  const sum = (of: keyof Sums) =>
    (parts ?? []).reduce((all, part) => all + part[of], unattributed?.[of] ?? NaN);
  expect(totals?.hoursRead).toBeCloseTo(sum('hoursRead'), 9);
  expect(totals).toMatchObject({ activities: sum('activities'), netMinor: sum('netMinor') });
  expect(unattributed).toEqual({ hoursRead: 1, activities: 0, netMinor: 0 });
  expect(parts?.find(({ member }) => member.id === members[9])?.netMinor).toBe(750); // its refund is its own

  const metric = async (name: string) => {
    const ask = {
      communityId: id,
      from: '2021-05-01',
      to: '2021-05-31',
      interval: 'month' as const,
    };
    const series = await metricNamed(name).series(lived.world.db, {
      ...ask,
      tag: null,
      segment: null,
      today: '2021-05-31',
    });
    return series[0]?.value ?? NaN;
  };
  expect(totals?.hoursRead).toBeCloseTo(await metric('hours_read'), 9);
  expect(totals?.activities).toBe(await metric('questions'));
  expect(totals?.netMinor).toBe(5250);
  expect(
    (await metric('revenue_per_active_member')) * (await metric('active_members')),
  ).toBeCloseTo(5250, 6);
}, 60_000);
