import { UserError, type Ctx } from '@lyceum/platform';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { MoneyType, toMoneyType } from '../graph/money.type';
import {
  type OrderIsClosed,
  type OrderNotFound,
  ProviderFailed,
  ProviderUnknown,
} from '../orders/order.errors';
import { OrderStatus, type Order } from '../orders/order.type';
import { startPayment } from '../orders/start-payment';
import { providerFor } from '../providers/choose-provider';
import { ProviderUnavailable } from '../providers/provider';

/** What a buyer agrees to. */
export const savesMethodSays =
  'Whether the buyer agrees that what it is paid with is kept, and charged again for what they subscribe to. Where the provider cannot keep it, nothing is.';

/** Whether it leads to a path of this platform, and to no other site: neither with a scheme nor as "//host" or "/\\host". */
export const isOwnPath = (path: string | null | undefined): path is string =>
  path != null && /^\/(?![/\\])[\x21-\x7e]{0,500}$/.test(path);

@InputType({ description: 'How to pay.' })
export class PayWithInput {
  @Field(() => String, { nullable: true, description: 'See `paymentProviders`.' })
  provider?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where to return to: a path of this platform.',
  })
  returnPath?: string | null;

  @Field(() => Boolean, { nullable: true, description: savesMethodSays })
  savesPaymentMethod?: boolean | null;
}

@ObjectType({
  description: 'An order of something that is no product of the catalogue, and where to pay it.',
})
export class PaymentSession {
  @Field(() => ID) orderId!: string;
  @Field(() => OrderStatus) status!: string;
  @Field(() => MoneyType) total!: MoneyType;
  @Field(() => String, { nullable: true, description: 'Null when nothing is to be paid.' })
  paymentUrl!: string | null;
  @Field(() => Date, { description: 'Until when it can be paid.' }) expiresAt!: Date;
}

export type PaymentRefusal = ProviderUnknown | ProviderFailed | OrderIsClosed | OrderNotFound;

/**
 * Where an order that was placed and committed is paid: asks a provider, over the network and so outside of any
 * transaction. The same order again is the same payment. A path of another site is taken for none.
 */
export const startOrderPayment = async (
  ctx: Ctx,
  order: Order,
  { provider: name, returnPath, savesPaymentMethod }: PayWithInput,
): Promise<PaymentSession | PaymentRefusal> => {
  if (order.totalMinor === 0n) return sessionOf(order, null);
  const provider = providerFor(ctx, order.currency, name);
  if (provider === null) return new ProviderUnknown();
  const start = {
    orderId: order.id,
    provider,
    returnPath: isOwnPath(returnPath) ? returnPath : null,
    savesMethod: savesPaymentMethod ?? false,
  };
  try {
    const payment = await startPayment(ctx, start);
    return payment instanceof UserError ? payment : sessionOf(order, payment.paymentUrl);
  } catch (error) {
    if (!(error instanceof ProviderUnavailable)) throw error;
    ctx.log.warn({ err: error, provider: provider.name }, 'provider.unavailable');
    return new ProviderFailed(order.id);
  }
};

const sessionOf = (order: Order, paymentUrl: string | null): PaymentSession =>
  Object.assign(new PaymentSession(), {
    orderId: order.id,
    status: order.status,
    total: toMoneyType(order.total),
    paymentUrl,
    expiresAt: order.expiresAt,
  });
