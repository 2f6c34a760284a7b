import { newId } from '@lyceum/contracts';
import { useCase, type Ctx } from '@lyceum/platform';
import { kitOf } from '../kit';
import { takesCurrency } from '../providers/choose-provider';
import type { ChargeAnswer, PaymentProvider } from '../providers/provider';
import { changed } from './advance-due';
import type { Invoice } from './invoice.type';
import { paymentMethodsOf, type PaymentMethod } from '../payment-methods/payment-method';
import { recordCharges, type Charge } from './record-charges';
import { selectInvoices } from './rows';
import type { Subscription } from './subscription.type';

/** After so long an answer that was never recorded is asked for again, under the same id. */
const lostAfterMs = 5 * 60_000;

export interface Claim {
  readonly invoice: Invoice;
  readonly accountId: Subscription['accountId'];
}

/**
 * Charges up to `limit` invoices whose time has come. In three steps, because nothing is asked of a provider in a
 * transaction: claim them under ids that never change, ask, and record the answers. A process that dies in between
 * leaves claims that are asked again under the same ids, which charges nobody twice. Returns how many there were.
 */
export const chargeDue = async (ctx: Ctx, limit: number): Promise<number> => {
  const claims = await claimDue(ctx, { limit });
  if (claims.length > 0) await charge(ctx, claims);
  return claims.length;
};

/** Asks for what was claimed and records the answers. */
export const charge = async (ctx: Ctx, claims: readonly Claim[]): Promise<void> => {
  const methods = await paymentMethodsOf(
    ctx.db,
    claims.map(({ accountId }) => accountId),
  );
  const chosen = claims.map(({ invoice, accountId }) =>
    chargeable(ctx, invoice, methods.get(accountId) ?? []),
  );
  await rememberAsked(
    ctx,
    claims.map(({ invoice }, n) => ({
      id: invoice.id,
      provider: chosen[n]?.provider.name ?? null,
    })),
  );
  const charges = await Promise.all(
    claims.map(async (claim, n): Promise<Charge> => {
      const by = chosen[n] ?? null;
      const answer = await ask(ctx, claim, by);
      return { invoiceId: claim.invoice.id, provider: by?.provider.name ?? null, answer };
    }),
  );
  await recordCharges(ctx, charges);
};

interface Chargeable {
  readonly token: string;
  readonly provider: PaymentProvider;
}

/** Before it is asked: should the answer be lost, nobody else is asked for the same money. */
const rememberAsked = useCase(
  async (tx, asked: readonly { id: Invoice['id']; provider: string | null }[]): Promise<void> => {
    await tx.db.query(
      `UPDATE subscription_invoice AS invoice SET charge_provider = asked.provider
       FROM json_to_recordset($1::json) AS asked (id uuid, provider text)
       WHERE invoice.id = asked.id AND invoice.charging_since IS NOT NULL`,
      [JSON.stringify(asked)],
    );
  },
);

/**
 * The first of an account's methods that can be charged in the invoice's currency; null when there is none. What was
 * asked of a provider before, and is not decided, is asked of that one alone.
 */
const chargeable = (
  ctx: Ctx,
  { currency, chargeProvider, chargeRef }: Invoice,
  methods: readonly PaymentMethod[],
): Chargeable | null => {
  const asked = kitOf(ctx).providers.get(chargeProvider ?? '');
  // It is looked up by its name, also when its owner has removed what it was charged to.
  if (asked !== undefined && chargeRef !== null) return { token: '', provider: asked };
  for (const { token, provider: name } of methods) {
    const provider = kitOf(ctx).providers.get(name);
    if (provider?.chargeSaved === undefined) continue;
    if (chargeProvider !== null && chargeProvider !== name) continue;
    if (takesCurrency(provider, currency)) return { token, provider };
  }
  return null;
};

const ask = async (
  ctx: Ctx,
  { invoice, accountId }: Claim,
  chosen: Chargeable | null,
): Promise<ChargeAnswer | null> => {
  if (chosen === null || invoice.chargeId === null)
    return {
      status: 'declined',
      isHard: false,
      problem: 'no-method',
      reason: 'nothing to charge',
    };
  const { token, provider } = chosen;
  try {
    return (
      (await provider.chargeSaved?.({
        chargeId: invoice.chargeId,
        accountId,
        token,
        amount: invoice.total,
        title: invoice.lines[0]?.description ?? '',
        notifyUrl: `${kitOf(ctx).publicUrl ?? ''}/webhooks/${provider.name}`,
        providerRef: invoice.chargeRef,
      })) ?? null
    );
  } catch (error) {
    // Nobody knows what became of it: the claim stays, and is asked again under the same id.
    ctx.log.warn({ err: error, invoiceId: invoice.id }, 'subscription.charge-unanswered');
    return null;
  }
};

const claimDue = useCase(async (tx, { limit }: { limit: number }): Promise<readonly Claim[]> => {
  const lostBefore = new Date(tx.now.getTime() - lostAfterMs);
  const due = await selectInvoices(
    tx.db,
    `status = 'open' AND next_attempt_at <= $1 AND (charging_since IS NULL OR charging_since < $2)
     ORDER BY next_attempt_at, id LIMIT $3 FOR UPDATE SKIP LOCKED`,
    [tx.now, lostBefore, limit],
  );
  return claim(tx.db, due, tx.now);
});

/** One invoice, now: its subscriber is there and wants to pay. Null when it is being charged, or not open. */
export const claimInvoice = useCase(
  async (tx, { invoiceId }: { invoiceId: Invoice['id'] }): Promise<readonly Claim[]> =>
    claim(
      tx.db,
      await selectInvoices(
        tx.db,
        `id = $1 AND status = 'open' AND charging_since IS NULL FOR UPDATE`,
        [invoiceId],
      ),
      tx.now,
    ),
);

const claim = async (
  db: Ctx['db'],
  due: readonly Invoice[],
  now: Date,
): Promise<readonly Claim[]> => {
  if (due.length === 0) return [];
  const chargeIds = due.map((invoice) => invoice.chargeId ?? newId<'Payment'>());
  const rows = await db.query<{ id: string; chargeId: string; accountId: Claim['accountId'] }[]>(
    `WITH claimed AS (
       UPDATE subscription_invoice AS invoice SET charge_id = asked.charge_id, charging_since = $3
       FROM unnest($1::uuid[], $2::uuid[]) AS asked (id, charge_id) WHERE invoice.id = asked.id
       RETURNING invoice.id, invoice.charge_id, invoice.subscription_id)
     SELECT claimed.id, claimed.charge_id AS "chargeId", subscription.account_id AS "accountId"
     FROM claimed JOIN subscription ON subscription.id = claimed.subscription_id`,
    [due.map(({ id }) => id), chargeIds, now],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return due.flatMap((invoice) => {
    const row = byId.get(invoice.id);
    if (row === undefined) return [];
    const claimed = changed(invoice, { chargeId: row.chargeId, chargingSince: now });
    return [{ invoice: claimed, accountId: row.accountId }];
  });
};
