import type { AccountId } from '@lyceum/contracts';
import type { Currency, Money } from '@lyceum/money';

/** What a provider can and cannot do, as data: the rules around money ask this, never a provider's name. */
export interface Capabilities {
  /** Null for every currency. */
  readonly currencies: readonly Currency[] | null;
  readonly partialRefunds: boolean;
  /** Refunds of one payment at most. */
  readonly maxRefunds: number;
  /** Days after the payment in which it can be refunded. */
  readonly refundWindowDays: number;
  /** Card networks keep their fee when a payment is refunded; WeChat Pay gives it back in proportion. */
  readonly feeOnRefund: 'kept' | 'pro-rata';
  /** Whether a refund's answer is its result, or only says that it was accepted. */
  readonly refundResult: 'immediate' | 'later';
  /** Between two refunds of the same payment. */
  readonly refundIntervalMs: number;
  /** Whether buyers can dispute a payment. */
  readonly disputes: boolean;
  /** How a buyer's payment method can be kept, to be charged again without the buyer; null where it cannot. */
  readonly savedMethods: {
    /** In the course of a payment. */
    readonly whilePaying: boolean;
    /** On a page of its own, where nothing is paid. */
    readonly apart: boolean;
  } | null;
  /** What a dispute costs, where the provider does not say with the dispute itself; null for nothing. */
  readonly disputeFee: {
    readonly usual: Money;
    /** Whether it is given back when the dispute is won. */
    readonly returnedWhenWon: boolean;
  } | null;
}

/** What a payment asks of a provider. Its id is the idempotency key: the same again starts nothing new. */
export interface PaymentOrder {
  readonly paymentId: string;
  readonly orderId: string;
  readonly amount: Money;
  readonly title: string;
  /** Absolute, or relative to the platform where its address is not known. */
  readonly returnUrl: string;
  readonly notifyUrl: string;
  readonly expiresAt: Date;
  /** Who pays, where the provider wants to know: an openid of WeChat's. */
  readonly payer?: string | null;
  /** Whether the buyer agreed that what it is paid with is kept, and charged again without asking. */
  readonly savesMethod?: boolean;
}

/** What a page asks for on which a buyer leaves something to pay with, and pays nothing. */
export interface MethodSetup {
  /** The idempotency key. */
  readonly setupId: string;
  readonly currency: Currency;
  readonly returnUrl: string;
  readonly notifyUrl: string;
  readonly now: Date;
}

/** Something to pay with that a provider keeps. */
export interface SavedMethod {
  /** What the provider is asked to charge; it says nothing of the card itself. */
  readonly token: string;
}

/** What is shown of it, and what tells the same card from another. */
export interface MethodDetails {
  readonly label: string;
  /** The same for the same card, from whichever account; null where a provider doesn't tell. */
  readonly fingerprint: string | null;
  readonly expiresAt: Date | null;
}

export interface StartedPayment {
  readonly providerRef: string;
  /** Where the buyer pays: a page, or what to show as a QR code. */
  readonly paymentUrl: string;
}

export interface RefundOrder {
  /** The refund's number at the provider, the same on every retry. */
  readonly refundId: string;
  readonly paymentId: string;
  readonly providerRef: string;
  readonly chargeRef: string | null;
  readonly amount: Money;
  readonly total: Money;
  readonly reason: string;
}

export type RefundAnswer =
  | { readonly status: 'settled' | 'pending'; readonly providerRef: string }
  | { readonly status: 'failed'; readonly reason: string };

export interface SavedCharge {
  /** The idempotency key. */
  readonly chargeId: string;
  readonly accountId: AccountId;
  readonly token: string;
  readonly amount: Money;
  readonly title: string;
  readonly notifyUrl: string;
  /** What the provider has called it before, when it was asked and had not decided. */
  readonly providerRef: string | null;
}

/** Why a charge failed, as far as its payer can do something about it. */
export type ChargeProblem = 'declined' | 'needs-confirmation' | 'method-expired' | 'no-method';

export type ChargeAnswer =
  | { readonly status: 'settled'; readonly providerRef: string; readonly fee: Money | null }
  | {
      readonly status: 'declined';
      /** Whether asking again is of no use. */
      readonly isHard: boolean;
      readonly problem: ChargeProblem;
      readonly reason: string;
    }
  | { readonly status: 'pending'; readonly providerRef: string };

/** What a provider tells, in one vocabulary. Amounts are those the provider states, never what we expect. */
export type Notice =
  | {
      readonly kind: 'payment-settled';
      readonly paymentId: string;
      readonly chargeRef: string | null;
      readonly amount: Money;
      /** Null when the provider doesn't say; the configured rate is taken then. */
      readonly fee: Money | null;
      /** What it was paid with, when that is kept. */
      readonly method?: SavedMethod | null;
    }
  | {
      readonly kind: 'method-saved';
      readonly setupId: string;
      readonly method: SavedMethod;
    }
  /** The buyer or a bank has ended it at the provider. */
  | { readonly kind: 'method-ended'; readonly token: string }
  | { readonly kind: 'payment-declined' | 'payment-canceled'; readonly paymentId: string }
  | { readonly kind: 'refund-settled' | 'refund-failed'; readonly refundId: string }
  | {
      readonly kind: 'dispute-opened' | 'dispute-won' | 'dispute-lost';
      readonly disputeRef: string;
      /** One of them names the payment. */
      readonly paymentId: string | null;
      readonly chargeRef: string | null;
      readonly amount: Money;
      readonly reason: string;
      /** What the dispute itself costs; null when the provider doesn't say. */
      readonly fee?: Money | null;
    }
  /** Verified, and of no interest here. */
  | { readonly kind: 'ignored' };

/** A delivery as it came. Header names are in lower case. */
export interface Delivery {
  readonly rawBody: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly now: Date;
}

/** A delivery whose signature and time were found good. */
export interface VerifiedDelivery {
  /** The provider's id of the event: the same event again has the same one. */
  readonly eventId: string;
  readonly type: string;
  readonly notice: Notice;
}

/** A delivery that is not the provider's, or too old. */
export class DeliveryRefused extends Error {}

/** The provider did not answer, or answered what nobody can act on: to be tried again. */
export class ProviderUnavailable extends Error {}

/**
 * The port behind which every payment provider stands. Its functions go over the network (but `verify`), so they are
 * never called in a transaction.
 */
export interface PaymentProvider {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** The fee when the provider doesn't tell one, in hundredths of a percent of the amount. */
  readonly feeBasisPoints: bigint;
  startPayment(order: PaymentOrder): Promise<StartedPayment>;
  /** What the provider says of a payment now; null when nothing is decided. For deliveries that were lost. */
  findPayment(payment: { paymentId: string; providerRef: string | null }): Promise<Notice | null>;
  refund(order: RefundOrder): Promise<RefundAnswer>;
  /** What became of a refund that was accepted; null when nothing is decided. */
  findRefund(refund: {
    refundId: string;
    paymentId: string;
    providerRef: string | null;
  }): Promise<Notice | null>;
  /** Throws DeliveryRefused for what is unsigned, stale or not for us. */
  verify(delivery: Delivery): VerifiedDelivery | Promise<VerifiedDelivery>;
  /** What a delivery is answered with when it was taken. */
  readonly acknowledgement: { readonly contentType: string; readonly body: string };
  /** These four where `savedMethods` says so. */
  startSetup?(setup: MethodSetup): Promise<StartedPayment>;
  chargeSaved?(charge: SavedCharge): Promise<ChargeAnswer>;
  /** Null for what the provider does not have (any more). */
  describeMethod?(token: string): Promise<MethodDetails | null>;
  /** It is not charged any more. Again, or for what is not there, it does nothing. */
  removeMethod?(token: string): Promise<void>;
}
