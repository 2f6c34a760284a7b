import { ArticlePublished, newId, type AccountId, type CommunityId } from '@lyceum/contracts';
import { inTransaction, serviceContext, UserError, type Ctx } from '@lyceum/platform';
import { createApp } from '../app';
import { aMember } from '../communities/membership.factory';
import { askGraph } from '../graph/ask.factory';
import { paymentsWorld, sandboxOwner, type PaymentsWorld } from '../payments-world.factory';
import { aMembership, aSubscriber, giveCard } from '../subscriptions/subscription.factory';
import { AdStatus, selectPlacements } from './ad.type';
import { buyPlacement, type BuyPlacementInput } from './buy-placement';
import { chargeAllAds, chargePlacement, forgetAdEvents } from './charge-ads.job';
import { endPlacement, reviewPlacement } from './decide-placement';
import { AdEventKind, recordAdEvents } from './record-ad-events';
import { showAds } from './show-ads';

const start = new Date('2026-05-01T00:00:00.000Z');
const end = new Date('2026-06-01T00:00:00.000Z');

describe('placements', () => {
  let world: PaymentsWorld;
  const { schema } = createApp();
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  beforeEach(() => {
    world.setNow(start);
  });
  afterEach(async () => {
    const uneven = await world.db.query<unknown[]>(
      'SELECT transfer_id FROM ledger_entry GROUP BY transfer_id, currency HAVING sum(amount_minor) <> 0',
    );
    expect(uneven).toEqual([]);
    expect(await world.balance('provider-clearing', sandboxOwner)).toBe(0n);
  });
  afterAll(() => world.close());

  const asked = (communityId: string, change: Partial<BuyPlacementInput> = {}) => ({
    communityId,
    advertiser: 'Acme',
    title: 'A better keyboard',
    text: 'For those who write.',
    url: 'https://acme.example/keyboards',
    budget: { amountMinor: '10000', currency: 'CNY' },
    perThousandImpressionsMinor: '1500',
    perClickMinor: '100',
    startsAt: start,
    endsAt: end,
    idempotencyKey: newId(),
    ...change,
  });
  const placement = async (id: string) =>
    (await selectPlacements(world.db, 'id = $1', [id]))[0] ?? Promise.reject(new Error('none'));
  /** A placement that was paid with ¥100 (9940 after the fee), looked at, and runs. */
  const aRunning = async (change: Partial<BuyPlacementInput> = {}) => {
    const owner = await aMember(world.db, { role: 'owner' });
    const author = await aMember(world.db, { communityId: owner.communityId });
    const advertiser = newId<'Account'>();
    const session = await buyPlacement(world.as(advertiser), asked(owner.communityId, change));
    if (session instanceof UserError) throw new Error(session.code);
    await world.choose(session, 'success');
    const [row] = await selectPlacements(world.db, 'order_id = $1', [session.orderId]);
    const id = row?.id ?? newId<'AdPlacement'>();
    await reviewPlacement(world.as(owner), { placementId: id, isAccepted: true });
    return { id, owner, author, advertiser, orderId: session.orderId };
  };
  const spot = (communityId: CommunityId, change = {}) => ({
    communityId,
    authorId: null,
    topics: [],
    first: 1,
    ...change,
  });
  const visitor = (name: string): Ctx => ({
    ...world.as(newId<'Account'>()),
    actor: { kind: 'anonymous' },
    client: name,
    userAgent: 'Mozilla/5.0',
  });
  /** Shown to so many different people on an author's post; what they see is told, and charged. */
  const show = async (of: Awaited<ReturnType<typeof aRunning>>, viewers: readonly Ctx[]) => {
    const tokens: string[] = [];
    for (const ctx of viewers) {
      const where = spot(of.owner.communityId, { authorId: of.author.memberId });
      tokens.push(...(await showAds(ctx, where)).map(({ token }) => token));
    }
    return tokens;
  };
  const tell = (tokens: readonly string[], kind = AdEventKind.IMPRESSION) =>
    recordAdEvents(visitor('any'), { events: tokens.map((token) => ({ token, kind })) });
  const charge = () => chargeAllAds(serviceContext(world.deps, 'test'));
  const visitors = (n: number) => Array.from({ length: n }, () => visitor(newId()));

  it('are paid, looked at, and shown with their label', async () => {
    const owner = await aMember(world.db, { role: 'owner' });
    const advertiser = newId<'Account'>();
    const input = asked(owner.communityId);
    const session = await buyPlacement(world.as(advertiser), input);
    expect(await buyPlacement(world.as(advertiser), input)).toEqual(session);
    if (session instanceof UserError) throw new Error(session.code);
    const [bought] = await selectPlacements(world.db, 'order_id = $1', [session.orderId]);
    const id = bought?.id ?? '';
    const ask = { placementId: id, isAccepted: true };
    expect(await reviewPlacement(world.as(owner), ask)).toMatchObject({
      code: 'PLACEMENT_NOT_IN_REVIEW',
    });
    await world.choose(session, 'success');
    expect(await world.balance('sponsors', id)).toBe(9_940n);
    expect(await showAds(visitor('a'), spot(owner.communityId))).toEqual([]);
    const stranger = newId<'Account'>();
    expect(await reviewPlacement(world.as(stranger), ask)).toMatchObject({
      code: 'PLACEMENT_NOT_FOUND',
    });
    expect(await reviewPlacement(world.as(advertiser), ask)).toMatchObject({
      code: 'NOT_CATALOGUE_MANAGER',
    });
    expect(await reviewPlacement(world.as(owner), ask)).toMatchObject({ status: AdStatus.RUNNING });

    const source = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Community {
      placements(first: 2) { label advertiser title url token } } } }`;
    const of = [{ __typename: 'Community', id: owner.communityId }];
    const { data } = await askGraph({ schema, ctx: visitor('b') }, source, { of });
    expect(data._entities[0].placements).toMatchObject([
      { label: 'SPONSORED', advertiser: 'Acme', url: 'https://acme.example/keyboards' },
    ]);
  });

  it('charge each showing once, to the budget, with a share to the author', async () => {
    const of = await aRunning();
    const tokens = await show(of, visitors(20));
    await tell(tokens);
    expect(await tell(tokens)).toMatchObject({ recorded: 0, refused: 0 });
    await tell(tokens.slice(0, 2), AdEventKind.CLICK);
    await Promise.all([charge(), charge(), charge()]);
    // 20 impressions at 1.5 and two clicks at 100 are 230, of which authors have 40 of a hundred by the platform's split.
    expect(await placement(of.id)).toMatchObject({ chargedMinor: 230n, carriedMilli: 0 });
    expect(await world.balance('sponsors', of.id)).toBe(9_940n - 230n);
    const share = await world.balance('creator-earnings', of.author.memberId);
    expect([share > 0n, share < 230n]).toEqual([true, true]);

    const source = `{ myAdPlacements(first: 5) { edges { node { status spend: report {
      impressions clicks clickThroughRate spend { amountMinor } } } } } }`;
    const mine = await askGraph({ schema, ctx: world.as(of.advertiser) }, source);
    expect(mine.data.myAdPlacements.edges).toEqual([
      {
        node: {
          status: 'RUNNING',
          spend: {
            impressions: 20,
            clicks: 2,
            clickThroughRate: 0.1,
            spend: { amountMinor: '230' },
          },
        },
      },
    ]);
    const { data } = await askGraph({ schema, ctx: world.as(newId<'Account'>()) }, source);
    expect(data.myAdPlacements.edges).toEqual([]);
  });

  it('never spend more than the budget, however many tell at once', async () => {
    const of = await aRunning({
      budget: { amountMinor: '1000', currency: 'CNY' },
      perThousandImpressionsMinor: '100000',
      perClickMinor: '0',
    });
    const tokens = await show(of, visitors(30)); // at 100 each: the 994 there are pay for nine
    const halves = [tokens.slice(0, 15), tokens.slice(15), tokens];
    await Promise.all(halves.map((part) => tell(part)));
    await Promise.all(Array.from({ length: 6 }, () => charge()));
    expect(await placement(of.id)).toMatchObject({ chargedMinor: 900n });
    expect(await world.balance('sponsors', of.id)).toBe(94n);
    const [day] = await world.db.query<{ counted: string; over: string }[]>(
      'SELECT impressions AS counted, over_budget AS over FROM ad_day WHERE placement_id = $1',
      [of.id],
    );
    expect(day).toEqual({ counted: '9', over: '21' });
    expect(await show(of, visitors(1))).toEqual([]);
  });

  it('count a viewer so often a day, and neither their own people nor crawlers', async () => {
    const of = await aRunning({ viewerCap: 2 });
    const reader = visitor('one');
    const early = await show(of, [reader, reader, reader]); // told of only afterwards
    await tell(early);
    const own = [world.as(of.author), world.as(of.advertiser)];
    await tell(await show(of, own));
    await tell(await show(of, [{ ...visitor('x'), userAgent: 'Googlebot/2.1' }]));
    await charge();
    expect(await show(of, [reader])).toEqual([]);
    world.setNow('2026-05-02T00:00:00Z');
    expect(await show(of, [reader])).toHaveLength(1);
    const ctx = world.as(of.owner);
    const source = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Community {
      adPlacements { edges { node { report { impressions capped selfViews crawlerViews overBudget } } } } } } }`;
    const asking = { of: [{ __typename: 'Community', id: of.owner.communityId }] };
    const { data } = await askGraph({ schema, ctx }, source, asking);
    expect(data._entities[0].adPlacements.edges[0].node.report).toEqual({
      impressions: 2,
      capped: 1,
      selfViews: 2,
      crawlerViews: 1,
      overBudget: 0,
    });
  });

  it('are not for those who pay for a membership, nor for other topics, days or communities', async () => {
    const of = await aRunning({ topics: ['Rust', ' types '] });
    const { communityId } = of.owner;
    const seen = async (ctx: Ctx, change = {}) =>
      (await showAds(ctx, spot(communityId, change))).length;
    expect(await seen(visitor('a'), { topics: ['rust'] })).toBe(1);
    expect(await seen(visitor('a'), { topics: ['cooking'] })).toBe(0);
    expect(await seen(visitor('a'))).toBe(0);
    const other = await aMember(world.db, { role: 'owner' });
    expect(await showAds(visitor('a'), spot(other.communityId, { topics: ['rust'] }))).toEqual([]);

    const { month } = await aMembership(world, { owner: of.owner });
    const paying = newId<'Account'>();
    expect(await seen(world.as(paying), { topics: ['rust'] })).toBe(1);
    await giveCard(world, paying);
    await aSubscriber(world, paying, { priceId: month.id });
    expect(await seen(world.as(paying), { topics: ['rust'] })).toBe(0);
    world.setNow(end);
    expect(await seen(visitor('a'), { topics: ['rust'] })).toBe(0);
  });

  it('take no token that was changed, is too old, or is nobody’s', async () => {
    const of = await aRunning();
    const [token = ''] = await show(of, visitors(1));
    const [text = '', signature = ''] = token.split('.');
    const view = JSON.parse(Buffer.from(text, 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...view, viewId: newId() })).toString('base64url');
    const bad = [`${forged}.${signature}`, text, '', 'x.y', `${text}.${signature}x`];
    expect(await tell(bad)).toMatchObject({ recorded: 0, refused: bad.length });
    world.setNow('2026-05-02T00:00:01Z');
    expect(await tell([token])).toMatchObject({ recorded: 0, refused: 1 });
    expect(await tell(Array.from({ length: 51 }, () => token))).toMatchObject({
      code: 'INVALID_AD_EVENTS',
    });
  });

  it('give back what was not used, when they end or are refused', async () => {
    const of = await aRunning();
    await tell(await show(of, visitors(10)));
    const stranger = world.as(newId<'Account'>());
    const ending = { placementId: of.id };
    expect(await endPlacement(stranger, ending)).toMatchObject({ code: 'PLACEMENT_NOT_FOUND' });
    expect(await endPlacement(world.as(of.advertiser), ending)).toMatchObject({ status: 'ended' });
    expect(await endPlacement(world.as(of.advertiser), ending)).toMatchObject({ status: 'ended' });
    expect(await placement(of.id)).toMatchObject({ chargedMinor: 15n });
    expect(await world.balance('sponsors', of.id)).toBe(0n);
    expect(await world.orderOf({ id: of.orderId })).toMatchObject({ refundedMinor: 9_925n });
    expect(await show(of, visitors(1))).toEqual([]);
  });

  it('stop while their payment is disputed; lost, what is left is gone', async () => {
    const of = await aRunning();
    await tell(await show(of, visitors(10)));
    await charge();
    await world.choose({ orderId: of.orderId }, 'dispute');
    expect(await show(of, visitors(1))).toEqual([]);
    expect(await endPlacement(world.as(of.owner), { placementId: of.id })).toMatchObject({
      code: 'PLACEMENT_IS_DISPUTED',
    });
    await world.choose({ orderId: of.orderId }, 'dispute-lost');
    expect(await placement(of.id)).toMatchObject({ status: 'ended' });
    expect(await world.balance('sponsors', of.id)).toBe(0n);
    const share = await world.balance('creator-earnings', of.author.memberId);
    expect(share > 0n).toBe(true); // authors keep theirs
  });

  it.each<[string, Partial<BuyPlacementInput>]>([
    ['no title', { title: ' ' }],
    ['no address', { url: 'http://acme.example' }],
    ['no cost', { perThousandImpressionsMinor: '0', perClickMinor: '0' }],
    ['a negative cost', { perClickMinor: '-1' }],
    ['no budget', { budget: { amountMinor: '999', currency: 'CNY' } }],
    ['no days', { endsAt: start }],
    ['no cap', { viewerCap: 0 }],
    ['no such community', { communityId: newId() }],
  ])('are refused with %s', async (_, change) => {
    const { communityId } = await aMember(world.db);
    const bought = await buyPlacement(world.as(newId<'Account'>()), asked(communityId, change));
    expect(bought).toMatchObject({ code: 'INVALID_PLACEMENT' });
  });

  it('are shown beside articles, whose authors have the share', async () => {
    const of = await aRunning();
    const articleId = newId<'Article'>();
    const { communityId } = of.owner;
    await world.db.query(
      `INSERT INTO authored_content (content_id, content_type, community_id, author_id) VALUES ($1, 'article', $2, $3)`,
      [articleId, communityId, of.author.memberId],
    );
    expect(ArticlePublished.name).toContain('article');
    const source = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Article {
      placements { token label } } } }`;
    const representations = [articleId, newId()].map((id) => ({ __typename: 'Article', id }));
    const ctx = visitor('reader');
    const { data } = await askGraph({ schema, ctx }, source, { of: representations });
    expect(data._entities[1].placements).toEqual([]);
    await tell([data._entities[0].placements[0].token], AdEventKind.CLICK);
    await charge();
    expect((await world.balance('creator-earnings', of.author.memberId)) > 0n).toBe(true);
    await forgetAdEvents.run({ ctx: serviceContext(world.deps, 'test') } as never, {});
    expect(await inTransaction(world.service, (tx) => chargePlacement(tx, of.id))).toBe(0);
  });

  const nobody: AccountId = newId<'Account'>();
  it('are nothing that one can end who does not know them', async () => {
    const ending = await endPlacement(world.as(nobody), { placementId: 'x' });
    expect(ending).toMatchObject({ code: 'PLACEMENT_NOT_FOUND' });
  });
});
