import assert from 'node:assert/strict';
import { newId, type AccountId } from '@lyceum/contracts';
import { money, type Currency } from '@lyceum/money';
import { serviceContext, UserError, type Ctx } from '@lyceum/platform';
import { testWorld, type TestWorld } from '@lyceum/testing';
import { createApp } from './app';
import { Price } from './catalogue/price.entity';
import { BillingInterval, ProductKind } from './catalogue/product-kind';
import type { Product } from './catalogue/product.entity';
import { aPrice, aProduct } from './catalogue/product.factory';
import type { CreateProductInput } from './catalogue/create-product';
import { type aMember } from './communities/membership.factory';
import { database } from './database';
import { openAccount, balanceOf } from './ledger/accounts';
import type { AccountCode } from './ledger/chart';
import { providerOwner } from './ledger/move-money';
import { checkout, type CheckoutSession, type CheckoutInput } from './orders/checkout';
import { selectOrders, type Order } from './orders/order.type';
import { selectPayments, type Payment } from './orders/payment.type';
import type { Notice, PaymentProvider } from './providers/provider';
import { kitOf, openKit } from './kit';
import { choose, type Choice } from './providers/sandbox/choose';
import { deliverDue } from './providers/sandbox/sandbox-events';
import { sandboxPayment } from './providers/sandbox/sandbox-payment';
import { noticeToJson } from './webhooks/notice-json';
import { processStored, sweepDue } from './webhooks/process-webhook.job';

type Person = Awaited<ReturnType<typeof aMember>>;

/** For tests: payments with the sandbox, whose webhooks are processed when the test says so. */
export interface PaymentsWorld extends TestWorld {
  /** A request of our own jobs. */
  readonly service: Ctx;
  /** A new buyer, a member of no community. */
  buyer(): { readonly id: AccountId };
  /** What the checkout answers; `expectSession` fails the test for a refusal. */
  order(
    buyer: { id: AccountId },
    product: Product,
    input?: Partial<CheckoutInput>,
  ): Promise<CheckoutSession>;
  /** Chooses on the sandbox's page, and lets everything that follows happen. */
  choose(session: { orderId: string }, choice: Choice): Promise<void>;
  /** Orders and pays. */
  buy(buyer: { id: AccountId }, product: Product): Promise<Order>;
  /** Processes what was delivered, until nothing is due. */
  settleDown(): Promise<void>;
  orderOf(session: { orderId?: string; id?: string }): Promise<Order>;
  paymentOf(order: { orderId?: string; id?: string }): Promise<Payment>;
  balance(code: AccountCode, ownerId: string | null, currency?: string): Promise<bigint>;
  /** Delivers a notice as if a provider had, verified and new. */
  deliver(notice: Notice, provider?: string): Promise<string>;
  /** Changes what the sandbox can do. */
  withSandbox(change: Partial<PaymentProvider>): void;
}

export const paymentsWorld = async (): Promise<PaymentsWorld> => {
  const world = await testWorld({ app: 'payments', database });
  createApp(world.deps);
  const { deps, db } = world;
  const service = serviceContext(deps, 'test');
  const idOf = (order: { orderId?: string; id?: string }): string =>
    order.orderId ?? order.id ?? assert.fail();

  const self: PaymentsWorld = {
    ...world,
    service,
    buyer: () => ({ id: newId<'Account'>() }),
    order: async (buyer, product, input = {}) => {
      const price = await db.findOneByOrFail(Price, {
        productId: product.id,
        version: product.version,
        interval: BillingInterval.ONE_OFF,
      });
      const session = await checkout(world.as(buyer.id), {
        priceId: price.id,
        idempotencyKey: newId(),
        ...input,
      });
      if (session instanceof UserError) throw Object.assign(new Error(session.code), { session });
      return session;
    },
    choose: async (session, choice) => {
      const payment = await sandboxPayment(deps, (await self.paymentOf(session)).providerRef ?? '');
      assert(payment !== null);
      await choose(deps, payment, choice);
      await self.settleDown();
    },
    buy: async (buyer, product) => {
      const session = await self.order(buyer, product);
      if (session.paymentUrl !== null) await self.choose(session, 'success');
      return self.orderOf(session);
    },
    settleDown: async () => {
      await deliverDue(deps);
      const waiting = await db.query<{ id: string }[]>(
        `SELECT id FROM provider_webhook WHERE status = 'received' ORDER BY received_at, id`,
      );
      for (const { id } of waiting) await processStored(service, id);
      await sweepDue(service);
    },
    orderOf: async (session) =>
      (await selectOrders(db, 'id = $1', [idOf(session)]))[0] ?? assert.fail(),
    paymentOf: async (session) =>
      (await selectPayments(db, 'order_id = $1', [idOf(session)]))[0] ?? assert.fail(),
    balance: async (code, ownerId, currency = 'CNY') =>
      (
        await balanceOf(
          db,
          await openAccount(db, { code, ownerId, currency: currency as Currency }),
        )
      ).amountMinor,
    deliver: async (notice, provider = 'sandbox') => {
      const id = newId();
      await db.query(
        `INSERT INTO provider_webhook (id, provider, event_id, type, notice, raw_body, received_at, next_attempt_at)
         VALUES ($1, $2, $5, 'test', $3, '', $4, $4)`,
        [id, provider, noticeToJson(notice), deps.now(), id],
      );
      return processStored(service, id);
    },
    withSandbox: (change) => {
      const kit = kitOf({ db });
      const sandbox = kit.providers.get('sandbox') ?? assert.fail();
      openKit(deps, { ...kit, providers: new Map([['sandbox', { ...sandbox, ...change }]]) });
    },
  };
  return self;
};

/** For tests: an article on sale for `amountMinor`. */
export const anArticleOnSale = async (
  world: TestWorld,
  amountMinor = '1000',
  input: Partial<CreateProductInput> = {},
): Promise<{ owner: Person; product: Product; articleId: string }> => {
  const articleId = newId<'Article'>();
  const { owner, product } = await aProduct(world, {
    kind: ProductKind.ARTICLE,
    title: 'Ownership in Rust',
    prices: [aPrice(amountMinor)],
    unlocks: [{ type: 'article' as never, id: articleId }],
    ...input,
  });
  return { owner, product, articleId };
};

export const sandboxOwner = providerOwner('sandbox');

export const settledNotice = ({ id, amountMinor, currency }: Payment): Notice => ({
  kind: 'payment-settled',
  paymentId: id,
  chargeRef: null,
  amount: money(amountMinor, currency),
  fee: money((amountMinor * 60n) / 10_000n, currency),
});
