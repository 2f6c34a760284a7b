import type { Money } from '@lyceum/money';
import type { Tx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import type { AccountCode } from '../ledger/chart';
import type { Order, OrderLine } from './order.type';

/** Who gets what of a paid line: an account of the ledger, by name. */
export interface Credit {
  readonly code: AccountCode;
  readonly ownerId: string | null;
  readonly amount: Money;
}

export interface LineOf {
  readonly order: Order;
  readonly line: OrderLine;
}

/**
 * What becomes of the lines of one purpose. Every function runs in the transaction that moves the order, once for
 * each move, and throws only for bugs: a paid order is a fact.
 */
export interface Fulfilment {
  /** Where the line's net amount goes; their sum is `net`. By default the shares of the line's split. */
  credits?(tx: Tx, of: LineOf & { readonly net: Money }): Promise<readonly Credit[]>;
  /** Whether a paid line can still be had; else its money goes back at once. */
  isAvailable?(tx: Tx, of: LineOf): Promise<boolean>;
  settled?(tx: Tx, of: LineOf): Promise<void>;
  /** Canceled or expired before it was paid. */
  closed?(tx: Tx, of: LineOf): Promise<void>;
  /** Why its buyer cannot simply have it back, or null. Who manages the catalogue, and did not buy it, decides. */
  whyNotReturned?(db: EntityManager, of: LineOf): Promise<string | null>;
  refunded?(
    tx: Tx,
    of: LineOf & { readonly amount: Money; readonly isFull: boolean; readonly endsAccess: boolean },
  ): Promise<void>;
  /** A refund that ended the access could not be paid: the buyer has again what was bought. */
  restored?(tx: Tx, of: LineOf): Promise<void>;
  /** While a payment is disputed what it bought is withheld; `isFrozen` false gives it back. */
  frozen?(tx: Tx, of: LineOf & { readonly isFrozen: boolean }): Promise<void>;
}
