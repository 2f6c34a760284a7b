import { isId } from '@lyceum/contracts';
import { money, type Currency, type Money } from '@lyceum/money';
import type { Deps } from '@lyceum/platform';
import { z } from 'zod';

export const sandboxName = 'sandbox';

/** A payment as the sandbox knows it: its side of the fence, which the rest of the app never reads. */
export interface SandboxPayment {
  readonly ref: string;
  readonly paymentId: string;
  readonly title: string;
  readonly amount: Money;
  readonly returnUrl: string;
  readonly status: 'open' | 'delayed' | 'paid' | 'declined' | 'canceled';
  readonly dispute: 'open' | 'won' | 'lost' | null;
  readonly expiresAt: Date;
  /** Whether its buyer agreed that what it is paid with is kept. */
  readonly savesMethod: boolean;
  /** Whether nothing is paid, and something to pay with is left; its id is the setup's then. */
  readonly isSetup: boolean;
}

type Row = Omit<SandboxPayment, 'amount'> & { amountMinor: string; currency: Currency };

export const sandboxPayment = async (deps: Deps, ref: string): Promise<SandboxPayment | null> => {
  if (!isId(ref)) return null;
  const [row] = await deps.dataSource.query<Row[]>(
    `SELECT ref, payment_id AS "paymentId", title, amount_minor AS "amountMinor", currency, return_url AS "returnUrl",
       status, dispute, expires_at AS "expiresAt", saves_method AS "savesMethod", is_setup AS "isSetup"
     FROM sandbox_payment WHERE ref = $1`,
    [ref],
  );
  if (row === undefined) return null;
  const { amountMinor, currency, ...rest } = row;
  return { ...rest, amount: money(BigInt(amountMinor), currency) };
};

/** What the sandbox keeps of a payment: 0.6 %, as its events say. */
export const sandboxFee = ({ amountMinor, currency }: Money): Money =>
  money((amountMinor * 60n) / 10_000n, currency);

/** What charges of a method that was saved will come to. */
export const behaviours = ['ok', 'decline', 'confirm', 'expired'] as const;
export type Behaviour = (typeof behaviours)[number];

export const sandboxEvent = z.object({
  id: z.string(),
  type: z.string(),
  data: z.record(z.string(), z.string()),
});
export type SandboxEvent = z.infer<typeof sandboxEvent>;
