import {
  newId,
  VoteRecorded,
  type CommunityId,
  type Envelope,
  type MemberId,
} from '@lyceum/contracts';
import { testWorld, type TestWorld } from '@lyceum/testing';
import { consumersOf } from '../consumers';
import { database } from '../database';
import { anEvent, communityCreated, deliver, settle } from '../deliver.factory';
import { joined } from '../lived-in.factory';
import { replayAll } from '../replay/replay-all';
import { presets } from '../rules';
import { query } from '../sql';

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld({ app: 'reputation', database });
});
afterAll(() => world.close());

const receive = async (events: readonly Envelope[]): Promise<void> => {
  await deliver(world.deps, consumersOf(world.deps.signals), events);
  await settle(world.deps, consumersOf(world.deps.signals));
};

/** A community where a vote counts 20 % on an account's first day, and in full after ten. */
const aCommunity = async (isDamping = true): Promise<{ id: CommunityId; author: MemberId }> => {
  const [id, author] = [newId<'Community'>(), newId<'Member'>()];
  await receive([communityCreated(id), joined(id, author)]);
  const rules = { fullAfterDays: 10, firstDay: 20, unverified: 20 };
  if (isDamping)
    await world.db.query(
      `UPDATE rule_set SET definition = jsonb_set(definition, '{newAccounts}', $2::jsonb) WHERE community_id = $1`,
      [id, JSON.stringify(rules)],
    );
  return { id, author };
};

/** Votes of different accounts, an hour apart, with what was known of each. */
const votes = ({ id, author }: { id: CommunityId; author: MemberId }, facts: object[]) =>
  facts.map((known, i) =>
    anEvent(
      VoteRecorded,
      {
        ...{ communityId: id, voteId: newId<'Vote'>(), version: 1, value: 1 as const },
        ...{ targetType: 'answer' as const, targetId: newId(), targetAuthorId: author },
        ...{ voterId: newId<'Member'>(), earnsPoints: true, ...known },
      },
      { occurredAt: new Date(Date.UTC(2021, 4, 2, i)) },
    ),
  );

const pointsOf = async (memberId: MemberId): Promise<number> => {
  const [row] = await query<{ total: number }>(
    world.db,
    'SELECT total FROM member_standing WHERE member_id = $1',
    [memberId],
  );
  return row?.total ?? 0;
};

const ages = [
  { voterAgeDays: 0, voterIsVerified: true },
  { voterAgeDays: 5, voterIsVerified: true },
  { voterAgeDays: 10, voterIsVerified: true },
  { voterAgeDays: 100, voterIsVerified: false },
  {},
];

it('counts votes of new accounts as much as the rules say, whatever order they come in, and so does a replay', async () => {
  for (const arrange of [
    (events: Envelope[]) => events,
    (events: Envelope[]) => events.toReversed(),
    (events: Envelope[]) => [
      ...events,
      ...events.map((event) => ({ ...event, id: newId<'Event'>() })),
    ],
  ]) {
    const community = await aCommunity();
    for (const event of arrange(votes(community, ages))) await receive([event]);
    expect(await pointsOf(community.author)).toBe(1 + 2 + 6 + 10 + 2 + 10);
    await replayAll(world.db, community.id);
    expect(await pointsOf(community.author)).toBe(1 + 2 + 6 + 10 + 2 + 10);
  }
});

it('takes nothing from anybody by the rules that come with the platform, nor for votes of unknown accounts', async () => {
  const preset = await aCommunity(false);
  await receive(votes(preset, ages));
  expect(await pointsOf(preset.author)).toBe(1 + 5 * 10);
  expect(presets.filter(({ newAccounts }) => newAccounts !== undefined)).toEqual([]);

  const imported = await aCommunity();
  await receive(
    votes(
      imported,
      Array.from({ length: 5 }, () => ({ voterId: null })),
    ),
  );
  expect(await pointsOf(imported.author)).toBe(1 + 5 * 10);
});
