import type { Deps } from '@lyceum/platform';
import { deliverDue, eventOf, queueEvents, wakeDelivery } from './sandbox-events';
import type { SandboxEvent, SandboxPayment } from './sandbox-payment';

/** What one can choose on the page, and from which state. */
export const choices = {
  success: { from: ['open', 'declined'], label: 'Pay', hint: 'The payment settles at once.' },
  decline: {
    from: ['open', 'declined'],
    label: 'Decline',
    hint: 'The bank says no; you may try again.',
  },
  delay: {
    from: ['open', 'declined'],
    label: 'Pay, told late',
    hint: 'The payment settles, and the shop hears of it after five seconds.',
  },
  duplicate: {
    from: ['open', 'declined'],
    label: 'Pay, told three times',
    hint: 'The same message is delivered three times. You pay once.',
  },
  reorder: {
    from: ['open', 'declined'],
    label: 'Pay, told out of order',
    hint: 'An earlier decline arrives after the settlement.',
  },
  'later-decline': {
    from: ['open', 'declined'],
    label: 'Use a card that is declined later',
    hint: 'This succeeds; what is charged to the card again does not.',
  },
  'later-confirm': {
    from: ['open', 'declined'],
    label: 'Use a card that asks its owner',
    hint: 'This succeeds; what is charged again has to be confirmed.',
  },
  'later-expired': {
    from: ['open', 'declined'],
    label: 'Use a card that expires',
    hint: 'This succeeds; the card has expired when it is charged again.',
  },
  cancel: { from: ['open', 'declined'], label: 'Cancel', hint: 'Nothing is paid.' },
  dispute: {
    from: ['paid'],
    label: 'Dispute',
    hint: 'You tell your bank that this payment is not yours.',
  },
  'dispute-won': { from: ['paid'], label: 'The shop wins', hint: 'The bank decides for the shop.' },
  'dispute-lost': { from: ['paid'], label: 'You win', hint: 'The bank gives you the money back.' },
} as const;
export type Choice = keyof typeof choices;

export const isChoice = (text: string): text is Choice => Object.hasOwn(choices, text);

/** Whether that can be chosen now. */
export const canChoose = (choice: Choice, payment: SandboxPayment): boolean => {
  const from: readonly string[] = choices[choice].from;
  if (!from.includes(payment.status)) return false;
  if (choice.startsWith('later-')) return payment.savesMethod;
  if (payment.isSetup) return choice === 'success' || choice === 'cancel';
  if (choice === 'dispute') return payment.dispute === null;
  if (choice.startsWith('dispute-')) return payment.dispute === 'open';
  return true;
};

const delayMs = 5_000;

interface Consequence {
  readonly status?: SandboxPayment['status'];
  readonly dispute?: SandboxPayment['dispute'];
  readonly events: readonly SandboxEvent[];
  readonly delayMs?: number;
}

const later = {
  'later-decline': 'decline',
  'later-confirm': 'confirm',
  'later-expired': 'expired',
} as const;

const consequenceOf = (choice: Choice, payment: SandboxPayment): Consequence => {
  const settled = eventOf.settled(payment);
  switch (choice) {
    case 'success':
      return { status: 'paid', events: [settled] };
    case 'later-decline':
    case 'later-confirm':
    case 'later-expired':
      return { status: 'paid', events: [eventOf.settled(payment, later[choice])] };
    case 'decline':
      return { status: 'declined', events: [eventOf.declined(payment)] };
    case 'delay':
      return { status: 'paid', events: [settled], delayMs };
    case 'duplicate':
      return { status: 'paid', events: [settled, settled, settled] };
    case 'reorder':
      return { status: 'paid', events: [settled, eventOf.declined(payment)] };
    case 'cancel':
      return { status: 'canceled', events: payment.isSetup ? [] : [eventOf.canceled(payment)] };
    case 'dispute':
      return { dispute: 'open', events: [eventOf.dispute(payment, 'open')] };
    case 'dispute-won':
      return { dispute: 'won', events: [eventOf.dispute(payment, 'won')] };
    case 'dispute-lost':
      return { dispute: 'lost', events: [eventOf.dispute(payment, 'lost')] };
  }
};

/** Does what was chosen: remembers it, and tells the shop as a provider would. Twice is once. */
export const choose = async (
  deps: Deps,
  payment: SandboxPayment,
  choice: Choice,
): Promise<void> => {
  if (!canChoose(choice, payment)) return;
  const consequence = consequenceOf(choice, payment);
  const isFirst = await deps.dataSource.transaction(async (db) => {
    const [changed] = await db.query<[unknown[], number]>(
      `UPDATE sandbox_payment SET status = coalesce($3, status), dispute = coalesce($4, dispute)
       WHERE ref = $1 AND status = $2 AND dispute IS NOT DISTINCT FROM $5 RETURNING 1`,
      [
        payment.ref,
        payment.status,
        consequence.status ?? null,
        consequence.dispute ?? null,
        payment.dispute,
      ],
    );
    const dueAt = new Date(deps.now().getTime() + (consequence.delayMs ?? 0));
    if (changed.length > 0) await queueEvents(db, consequence.events, dueAt);
    return changed.length > 0;
  });
  if (!isFirst) return; // somebody chose at the same moment
  await wakeDelivery(deps, consequence.delayMs);
  const eventIds = consequence.events.map(({ id }) => id);
  await deliverDue(deps, eventIds);
};
