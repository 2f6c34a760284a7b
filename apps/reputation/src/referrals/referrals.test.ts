import {
  MemberReferred,
  newId,
  OrderPaid,
  OrderRefunded,
  ReferralActivated,
  ReferralRefused,
  type AccountId,
  type CommunityId,
  type Envelope,
  type MemberId,
} from '@lyceum/contracts';
import { aMemberAs, askAs } from '../ask-as.factory';
import { anEvent, communityCreated } from '../deliver.factory';
import { aLivedInWorld, type LivedIn } from '../lived-in.factory';
import { replayAll } from '../replay/replay-all';
import { query } from '../sql';

describe('referrals', () => {
  let lived: LivedIn;
  let communityId: CommunityId;
  let inviter: { accountId: AccountId; memberId: MemberId };
  beforeAll(async () => {
    lived = await aLivedInWorld();
  });
  beforeEach(async () => {
    communityId = newId<'Community'>();
    await lived.receive([communityCreated(communityId, { preset: 'balanced' })]);
    inviter = await aMemberAs(lived, { role: 'member', communityId });
  });
  afterAll(() => lived.world.close());

  /** Somebody whom the inviter brought: each function is an event about them. */
  const brought = () => {
    const [inviteeId, inviteUseId] = [newId<'Member'>(), newId()];
    const people = { communityId, inviteUseId, inviterId: inviter.memberId, inviteeId };
    const orderId = newId<'Order'>();
    const order = { orderId, communityId, buyerId: newId<'Account'>(), currency: 'EUR' };
    return {
      inviteeId,
      orderId,
      referred: anEvent(
        MemberReferred,
        {
          ...people,
          inviterAccountId: inviter.accountId,
          inviteeAccountId: order.buyerId,
        },
        { occurredAt: '2021-04-01T00:00:00Z' },
      ),
      activated: anEvent(ReferralActivated, people, { occurredAt: '2021-04-02T00:00:00Z' }),
      bought: anEvent(
        OrderPaid,
        {
          ...order,
          ...{ buyerMemberId: inviteeId, purposes: ['product'], productIds: [] },
          ...{ totalMinor: '1000', referrerId: inviter.memberId },
        },
        { occurredAt: '2021-04-03T00:00:00Z' },
      ),
      refunded: (minor: number) =>
        anEvent(
          OrderRefunded,
          {
            ...order,
            ...{ sourceType: 'refund', sourceId: newId(), amountMinor: '1' },
            ...{ refundedMinor: String(minor), isFull: minor === 1000 },
          },
          { occurredAt: '2021-04-20T00:00:00Z' },
        ),
      refused: anEvent(ReferralRefused, {
        ...{ orderId, communityId, buyerMemberId: inviteeId, referrerId: inviter.memberId },
        because: 'same-payment-method',
      }),
    };
  };

  const points = async (memberId = inviter.memberId): Promise<number> => {
    const [row] = await query<{ total: number }>(
      lived.world.db,
      'SELECT total FROM member_standing WHERE member_id = $1',
      [memberId],
    );
    return row?.total ?? 0;
  };

  it('earn points for who becomes active and for who buys, and nobody for joining', async () => {
    const one = brought();
    await lived.receive([one.referred]);
    expect(await points()).toBe(0);
    await lived.receive([one.activated]);
    expect(await points()).toBe(10);
    await lived.receive([one.bought]);
    expect(await points()).toBe(30);
    expect(await points(one.inviteeId)).toBe(0);
  });

  it('lose as much as is refunded, come to zero with a full refund or a lost dispute, and never go below', async () => {
    const one = brought();
    await lived.receive([one.referred, one.bought]);
    expect(await points()).toBe(20);
    await lived.receive([one.refunded(250)]);
    expect(await points()).toBe(15);
    await lived.receive([one.refunded(1000)]);
    expect(await points()).toBe(0);
    await lived.receive([one.refunded(250), one.bought]); // late, and told again
    expect(await points()).toBe(0);
    const sums = await query(
      lived.world.db,
      `SELECT occurred_at::date::text AS day, sum(points)::int AS sum FROM point_entry WHERE member_id = $1 GROUP BY 1`,
      [inviter.memberId],
    );
    expect(sums).toEqual([{ day: '2021-04-03', sum: 0 }]);
  });

  it.each<[string, (events: readonly Envelope[]) => readonly Envelope[]]>([
    ['as they happened', (events) => events],
    ['backwards', (events) => events.toReversed()],
    ['refunds first', (events) => [...events.slice(3), ...events.slice(0, 3)]],
    ['each twice', (events) => [...events, ...events.toReversed()]],
  ])('come to the same however they are told: %s; and in a replay', async (_, arrange) => {
    const [one, other] = [brought(), brought()];
    const events = [
      ...[one.referred, one.activated, one.bought, one.refunded(400)],
      ...[other.referred, other.activated, other.bought, other.refunded(1000)],
    ];
    for (const event of arrange(events)) await lived.receive([{ ...event, id: newId<'Event'>() }]);
    expect(await points()).toBe(10 + 12 + 10);
    await replayAll(lived.world.db, communityId);
    expect(await points()).toBe(10 + 12 + 10);
  });

  it('come to the same when many workers hear of them at once', async () => {
    const many = Array.from({ length: 6 }, brought);
    const events = many.flatMap(({ referred, activated, bought }) => [referred, activated, bought]);
    await Promise.all(events.map((event) => lived.receive([event])));
    await lived.receive([]);
    expect(await points()).toBe(6 * 30);
  });

  it('count for the first ten of a month', async () => {
    const many = Array.from({ length: 12 }, brought);
    await lived.receive(many.flatMap(({ referred, activated }) => [referred, activated]));
    expect(await points()).toBe(100);
  });

  it('count nothing for who pays with the same card, in either order', async () => {
    const [one, other] = [brought(), brought()];
    await lived.receive([one.referred, one.refused, one.bought]);
    await lived.receive([other.bought]);
    await lived.receive([other.referred]);
    expect(await points()).toBe(20);
    await lived.receive([other.refused]);
    expect(await points()).toBe(0);
  });

  const referralsFor = async (account: AccountId | null) => {
    const { _entities } = (await askAs(lived, account, {
      source: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Member {
        referrals(first: 2) { edges { node { state why points member { id } } } pageInfo { hasNextPage endCursor } } } } }`,
      variables: { of: [{ __typename: 'Member', id: inviter.memberId }] },
    })) as unknown as {
      _entities: { referrals: { edges: { node: Record<string, unknown> }[] } | null }[];
    };
    return _entities[0]?.referrals?.edges.map(({ node }) => node) ?? null;
  };

  it('are shown with their state and why, to the member and the staff alone', async () => {
    const [one, other] = [brought(), brought()];
    await lived.receive([one.referred, one.activated, one.bought, one.refunded(1000)]);
    await lived.receive([other.referred]);
    const expected = [
      { state: 'JOINED', points: 0, member: { id: other.inviteeId } },
      {
        state: 'CLAWED_BACK',
        why: 'What was bought on 2021-04-03 was paid back',
        points: 10,
        member: { id: one.inviteeId },
      },
    ];
    expect(await referralsFor(inviter.accountId)).toMatchObject(expected);
    const owner = await aMemberAs(lived, { role: 'owner', communityId });
    expect(await referralsFor(owner.accountId)).toMatchObject(expected);
    const third = await aMemberAs(lived, { role: 'member', communityId });
    expect(await referralsFor(third.accountId)).toBeNull();
    expect(await referralsFor(null)).toBeNull();
  });

  it('are summed up by who brought them, those first who deserve a look, for the staff alone', async () => {
    const honest = brought();
    await lived.receive([honest.referred, honest.activated, honest.bought]);
    const cheat = await aMemberAs(lived, { role: 'member', communityId });
    inviter = cheat;
    const [one, two] = [brought(), brought()];
    await lived.receive([one.referred, one.bought, one.refunded(1000), two.referred, two.refused]);
    const owner = await aMemberAs(lived, { role: 'owner', communityId });
    const ask = async (account: AccountId | null) => {
      const { _entities } = (await askAs(lived, account, {
        source: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Community {
          referrers { edges { node { joined activated purchased clawedBack refused points member { id } } } } } } }`,
        variables: { of: [{ __typename: 'Community', id: communityId }] },
      })) as unknown as { _entities: { referrers: { edges: { node: object }[] } | null }[] };
      return _entities[0]?.referrers?.edges.map(({ node }) => node) ?? null;
    };
    expect(await ask(owner.accountId)).toMatchObject([
      {
        joined: 2,
        activated: 0,
        purchased: 0,
        clawedBack: 1,
        refused: 1,
        points: 0,
        member: { id: cheat.memberId },
      },
      { joined: 1, activated: 1, purchased: 1, clawedBack: 0, refused: 0, points: 30 },
    ]);
    expect(await ask(cheat.accountId)).toBeNull();
    expect(await ask(null)).toBeNull();
  });
});
