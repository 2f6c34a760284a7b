import { MemberReferred, newId } from '@lyceum/contracts';
import { inTransaction } from '@lyceum/platform';
import { emitted } from '@lyceum/testing';
import { aMember } from '../communities/membership.factory';
import { anArticleOnSale, paymentsWorld, type PaymentsWorld } from '../payments-world.factory';
import { proposeSplit } from '../splits/propose-split';
import { SplitParty } from '../splits/split-of';
import { IncomeStream } from '../splits/split-table.entity';
import { recordReferrals } from './record-referrals.consumer';

describe('who brought the buyer', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  beforeEach(async () => {
    world.setNow('2026-01-01T00:00:00Z');
    await world.db.query('TRUNCATE outbox');
  });
  afterAll(() => world.close());

  /** A community whose split gives a tenth to who brought the buyer, and two of its members. */
  const aScene = async () => {
    const { owner, product } = await anArticleOnSale(world);
    const { communityId } = owner;
    const shares = [
      { party: SplitParty.CREATOR, basisPoints: 9_000 },
      { party: SplitParty.REFERRER, basisPoints: 1_000 },
    ];
    await proposeSplit(world.as(owner.id), {
      ...{ communityId, stream: IncomeStream.SALES, version: 0, shares },
    });
    const [inviter, buyer] = [
      await aMember(world.db, { communityId }),
      await aMember(world.db, { communityId }),
    ];
    return { owner, product, inviter, buyer };
  };
  type Scene = Awaited<ReturnType<typeof aScene>>;

  const refer = (
    { inviter, buyer }: Pick<Scene, 'inviter' | 'buyer'>,
    occurredAt = '2026-01-01T00:00:00Z',
  ) =>
    inTransaction(world.service, (tx) =>
      recordReferrals.handle(tx, [
        {
          ...{ id: newId<'Event'>(), type: MemberReferred.name, requestId: 'test', occurredAt },
          payload: {
            ...{ communityId: buyer.communityId, inviteUseId: newId() },
            ...{ inviterId: inviter.memberId, inviterAccountId: inviter.id },
            ...{ inviteeId: buyer.memberId, inviteeAccountId: buyer.id },
          },
        },
      ]),
    );
  const saveCard = (accountId: string, fingerprint: string) =>
    world.db.query(
      `INSERT INTO payment_method (account_id, provider, token, fingerprint, created_at)
       VALUES ($1, 'sandbox', $2, $3, now())`,
      [accountId, newId(), fingerprint],
    );
  const earned = ({ memberId }: { memberId: string }) =>
    world.balance('creator-earnings', memberId);
  const told = async (type: string) =>
    (await emitted(world.db)).filter((event) => event.type === type).map(({ payload }) => payload);

  it('gives the referrer the share of the table, and says who it was', async () => {
    const scene = await aScene();
    await refer(scene);
    const order = await world.buy(scene.buyer, scene.product);
    expect(order.referrerId).toBe(scene.inviter.memberId);
    expect([await earned(scene.inviter), await earned(scene.owner)]).toEqual([99n, 895n]);
    expect(await told('payments.order.paid.v1')).toMatchObject([
      { orderId: order.id, referrerId: scene.inviter.memberId },
    ]);
  });

  it.each<[string, (scene: Scene) => Promise<unknown>]>([
    ['nobody', () => Promise.resolve()],
    ['oneself', ({ buyer }) => refer({ inviter: buyer, buyer })],
    [
      'who has left',
      async (scene) => {
        await refer(scene);
        await world.db.query(`UPDATE membership SET status = 'left' WHERE member_id = $1`, [
          scene.inviter.memberId,
        ]);
      },
    ],
    ['who did so more than a year ago', (scene) => refer(scene, '2024-12-31T23:59:59Z')],
    [
      'who did so to another community',
      async ({ inviter, buyer }) =>
        refer({ inviter, buyer: { ...(await aMember(world.db)), id: buyer.id } }),
    ],
  ])('is the creator’s affair alone when it was %s', async (_, arrange) => {
    const scene = await aScene();
    await arrange(scene);
    expect(await world.buy(scene.buyer, scene.product)).toMatchObject({ referrerId: null });
    expect([await earned(scene.inviter), await earned(scene.owner)]).toEqual([0n, 994n]);
  });

  it('counts for nobody when both pay with one card, and says so', async () => {
    const scene = await aScene();
    await refer(scene);
    await saveCard(scene.inviter.id, 'card-1');
    await saveCard(scene.buyer.id, 'card-2');
    await saveCard(scene.buyer.id, 'card-1');
    const order = await world.buy(scene.buyer, scene.product);
    expect(order.referrerId).toBeNull();
    expect(await earned(scene.inviter)).toBe(0n);
    expect(await told('payments.referral.refused.v1')).toMatchObject([
      { orderId: order.id, referrerId: scene.inviter.memberId, because: 'same-payment-method' },
    ]);
  });

  it('is who was told of first, however often and by whomever after', async () => {
    const scene = await aScene();
    await refer(scene);
    await refer({
      ...scene,
      inviter: await aMember(world.db, { communityId: scene.owner.communityId }),
    });
    await refer(scene);
    expect(await world.buy(scene.buyer, scene.product)).toMatchObject({
      referrerId: scene.inviter.memberId,
    });
  });
});
