import { AnswerPosted, newId, type AccountId, type MemberId } from '@lyceum/contracts';
import { inTransaction, serviceContext } from '@lyceum/platform';
import { aCommunity, aMember } from '../communities/membership.factory';
import { KeyReused } from '../orders/order.errors';
import { paymentsWorld, type PaymentsWorld } from '../payments-world.factory';
import { recordAuthors } from './record-authors.consumer';
import { InvalidTip, OwnContent, tip, TipTarget, TipTargetNotFound, type TipInput } from './tip';
import { TipResolver } from './tip.resolver';

describe('tips', () => {
  let world: PaymentsWorld;
  beforeAll(async () => {
    world = await paymentsWorld();
  });
  afterAll(() => world.close());

  /** An answer, as content tells of it. */
  const anAnswer = async (
    communityId: Awaited<ReturnType<typeof aCommunity>>,
    authorId: MemberId | null,
  ): Promise<string> => {
    const answerId = newId<'Answer'>();
    const event = {
      id: newId<'Event'>(),
      type: AnswerPosted.name,
      occurredAt: '2026-01-01T00:00:00.000Z',
      requestId: 'test',
      payload: { communityId, questionId: newId<'Question'>(), answerId, authorId },
    };
    const ctx = serviceContext(world.deps, 'test');
    for (let told = 0; told < 2; told += 1)
      await inTransaction(ctx, (tx) => recordAuthors.handle(tx, [event as never, event as never]));
    return answerId;
  };
  const wish = (targetId: string, input: Partial<TipInput> = {}): TipInput => ({
    targetType: TipTarget.ANSWER,
    targetId,
    amount: { amountMinor: '1000', currency: 'CNY' },
    idempotencyKey: newId(),
    ...input,
  });
  const give = async (accountId: AccountId, input: TipInput): Promise<{ orderId: string }> => {
    const session = await tip(world.as(accountId), input);
    if (!('orderId' in session)) throw new Error(session.code);
    return session;
  };

  it('gives the author 95 of 100 after the fee, once it is paid, once for a key', async () => {
    const author = await aMember(world.db);
    const answerId = await anAnswer(author.communityId, author.memberId);
    const idempotencyKey = newId();
    const input = wish(answerId, { idempotencyKey });
    const reader = newId<'Account'>();
    const session = await give(reader, input);
    expect((await give(reader, input)).orderId).toBe(session.orderId);
    const other = wish(answerId, { idempotencyKey, message: 'more' });
    expect(await tip(world.as(reader), other)).toEqual(new KeyReused());
    expect(await world.balance('creator-earnings', author.memberId)).toBe(0n);
    const totals = () => new TipResolver().tipTotals(world.as(null), TipTarget.ANSWER, answerId);
    expect(await totals()).toEqual([]);

    await world.choose(session, 'success');
    // 1000 − 6 of fee in 95 : 5 is 944.3 : 49.7 → 944 : 50
    expect(await world.balance('creator-earnings', author.memberId)).toBe(944n);
    expect(await totals()).toEqual([
      { count: 1, amount: { amountMinor: '1000', currency: 'CNY' } },
    ]);
  });

  it("refuses one's own content, whatever account tells it apart", async () => {
    const author = await aMember(world.db);
    const answerId = await anAnswer(author.communityId, author.memberId);
    expect(await tip(world.as(author), wish(answerId))).toEqual(new OwnContent());
  });

  it('finds nothing that is unknown, of nobody, hidden, or of another kind', async () => {
    const communityId = await aCommunity(world.db, { visibility: 'private' });
    const insider = await aMember(world.db, { communityId });
    const hidden = await anAnswer(communityId, insider.memberId);
    const orphan = await anAnswer(await aCommunity(world.db), null);
    const reader = world.as(newId<'Account'>());
    for (const targetId of [hidden, orphan, newId<'Answer'>(), 'nonsense'])
      expect(await tip(reader, wish(targetId))).toEqual(new TipTargetNotFound());
    const author = await aMember(world.db);
    const answerId = await anAnswer(author.communityId, author.memberId);
    const asArticle = wish(answerId, { targetType: TipTarget.ARTICLE });
    expect(await tip(reader, asArticle)).toEqual(new TipTargetNotFound());
  });

  it('refuses too little, too much and what is no money', async () => {
    const author = await aMember(world.db);
    const answerId = await anAnswer(author.communityId, author.memberId);
    const reader = world.as(newId<'Account'>());
    for (const amountMinor of ['99', '1000001', '-5', '1.5']) {
      const amount = { amountMinor, currency: 'CNY' };
      expect(await tip(reader, wish(answerId, { amount }))).toBeInstanceOf(InvalidTip);
    }
    const long = wish(answerId, { message: 'x'.repeat(281) });
    expect(await tip(reader, long)).toBeInstanceOf(InvalidTip);
    await expect(tip(world.as(null), wish(answerId))).rejects.toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });
});
