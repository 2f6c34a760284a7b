import {
  CommunityChanged,
  CommunityCreated,
  MembershipChanged,
  newId,
  type Envelope,
  type EventType,
} from '@lyceum/contracts';
import { assertRoutes, inTransaction, serviceContext } from '@lyceum/platform';
import { testWorld, type TestWorld } from '@lyceum/testing';
import fc from 'fast-check';
import { createApp } from '../app';
import { database } from '../database';
import { KnownCommunity } from './community.entity';
import { Membership, type Role } from './membership.entity';
import { membershipOf } from './membership.queries';

describe('what payments hears of communities', () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ app: 'payments', database });
  });
  afterAll(() => world.close());

  /** Delivers one batch, as the queue would. */
  const deliver = async (events: readonly Envelope[]): Promise<void> => {
    for (const consumer of createApp().consumers) {
      const names = consumer.types.map((type) => type.name);
      const wanted = events.filter((event) => names.includes(event.type));
      if (wanted.length === 0) continue;
      await inTransaction(serviceContext(world.deps, 'test'), (tx) => consumer.handle(tx, wanted));
    }
  };

  const event = <Payload>(type: EventType<string, Payload>, payload: Payload): Envelope => ({
    id: newId<'Event'>(),
    type: type.name,
    occurredAt: '2026-01-01T00:00:00.000Z',
    requestId: 'test',
    payload: type.payload.parse(payload),
  });

  it('has a consumer for each route and a route for each consumer', () => {
    expect(() => assertRoutes('payments', createApp().consumers)).not.toThrow();
  });

  it('knows a community once, however often it is told', async () => {
    const communityId = newId<'Community'>();
    const founded = event(CommunityCreated, {
      communityId,
      slug: 'rust',
      name: 'Rust',
      visibility: 'private',
      timeZone: 'UTC',
      rules: { preset: 'balanced', parameters: {} },
    });

    await deliver([founded, founded]);
    await deliver([founded]);

    expect(await world.db.findBy(KnownCommunity, { id: communityId })).toEqual([
      { id: communityId, slug: 'rust', visibility: 'private', version: 0 },
    ]);
  });

  it.each([
    [[1, 2, 0], 'private'],
    [[0, 2, 1], 'private'],
    [[1], 'public'],
  ])('knows who sees a community now: versions %j make it %s', async (versions, expected) => {
    const ids = { communityId: newId<'Community'>(), slug: `c-${newId()}`, timeZone: 'UTC' };
    const told = [
      event(CommunityCreated, {
        ...{ ...ids, name: 'Rust', visibility: 'private' as const },
        rules: { preset: 'balanced', parameters: {} },
      }),
      event(CommunityChanged, { ...ids, version: 1, visibility: 'public' as const }),
      event(CommunityChanged, { ...ids, version: 2, visibility: 'private' as const }),
    ];
    for (const version of versions) await deliver([told[version] as Envelope]);
    expect(await world.db.findOneBy(KnownCommunity, { id: ids.communityId })).toMatchObject({
      visibility: expected,
    });
  });

  it('puts the highest version in force, whatever order and batches they come in', async () => {
    const change = fc.record({
      role: fc.constantFrom<Role>('owner', 'admin', 'moderator', 'member'),
      status: fc.constantFrom('active' as const, 'left' as const, 'banned' as const),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 5 }).chain((history) =>
          fc.record({
            history: fc.constant(history),
            deliveries: fc.array(
              fc.array(fc.nat({ max: history.length - 1 }), { minLength: 1, maxLength: 4 }),
              { maxLength: 3 },
            ),
          }),
        ),
        async ({ history, deliveries }) => {
          const ids = {
            memberId: newId<'Member'>(),
            accountId: newId<'Account'>(),
            communityId: newId<'Community'>(),
          };
          const told = history.map((state, index) =>
            event(MembershipChanged, { ...ids, ...state, version: index + 1 }),
          );
          for (const batch of deliveries)
            await deliver(batch.map((index) => told[index] as Envelope));
          await deliver([told.at(-1) as Envelope]); // each arrives at least once
          for (const batch of deliveries)
            await deliver(batch.map((index) => told[index] as Envelope));

          expect(await membershipOf(world.db, ids)).toEqual({
            ...ids,
            ...history.at(-1),
            version: history.length,
          });
        },
      ),
      { numRuns: 15 },
    );
  });

  it('hears of many members in one statement, and of one before its community', async () => {
    const communityId = newId<'Community'>();
    const joined = Array.from({ length: 250 }, () =>
      event(MembershipChanged, {
        memberId: newId<'Member'>(),
        accountId: newId<'Account'>(),
        communityId,
        role: 'member',
        status: 'active',
        version: 1,
      }),
    );

    await deliver(joined);

    expect(await world.db.countBy(Membership, { communityId })).toBe(250);
  });
});
