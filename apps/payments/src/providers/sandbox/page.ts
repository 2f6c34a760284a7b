import { formatMoney } from '@lyceum/money';
import { canChoose, choices, type Choice } from './choose';
import type { SandboxPayment } from './sandbox-payment';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => escapes[c] ?? c);

const states: Readonly<Record<SandboxPayment['status'], string>> = {
  open: 'Waiting for your decision',
  delayed: 'On its way',
  paid: 'Paid',
  declined: 'Declined. You can try again',
  canceled: 'Canceled',
};

const disputes = {
  open: 'You dispute this payment.',
  won: 'The shop won the dispute.',
  lost: 'You won the dispute: the money is yours again.',
} as const;

const consent =
  'You agree that what you pay with is kept, and charged again for what you subscribe to.';

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0; display: grid; place-items: center; min-height: 100vh; padding: 1rem; box-sizing: border-box; }
  main { max-width: 30rem; width: 100%; }
  .banner { background: #ffe08a; color: #3b2f00; padding: .5rem .75rem; border-radius: .5rem; }
  h1 { font-size: 1.25rem; margin: 1.25rem 0 .25rem; overflow-wrap: anywhere; }
  .amount { font-size: 2rem; font-weight: 600; margin: 0; }
  form { display: grid; gap: .5rem; margin: 1rem 0; }
  button { font: inherit; text-align: start; padding: .6rem .9rem; border-radius: .5rem; border: 1px solid #8888; cursor: pointer; background: transparent; color: inherit; }
  button strong { display: block; }
  button small { opacity: .8; }
  button[value="success"] { background: #1a5fb4; border-color: #1a5fb4; color: #fff; }
  button:focus-visible, a:focus-visible { outline: 3px solid #62a0ea; outline-offset: 2px; }
`;

const button = (choice: Choice): string => {
  const { label, hint } = choices[choice];
  return `<button name="choice" value="${choice}"><strong>${label}</strong><small>${hint}</small></button>`;
};

/** The page on which one chooses what the sandbox says. It loads nothing and runs no script. */
export const sandboxPage = (payment: SandboxPayment): string => {
  const possible = (Object.keys(choices) as Choice[]).filter((choice) =>
    canChoose(choice, payment),
  );
  const form =
    possible.length === 0
      ? ''
      : `<form method="post" action="/pay/sandbox/${payment.ref}">${possible.map(button).join('')}</form>`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>Sandbox payment</title><style>${style}</style></head>
<body><main>
<p class="banner">This is a test page: no money moves. Choose what a payment provider would say.</p>
<h1>${escapeHtml(payment.title)}</h1>
${payment.isSetup ? '' : `<p class="amount">${formatMoney(payment.amount)}</p>`}
${payment.savesMethod ? `<p>${consent}</p>` : ''}
<p role="status">${states[payment.status]}${payment.dispute === null ? '' : `. ${disputes[payment.dispute]}`}</p>
${form}
<p><a href="${escapeHtml(payment.returnUrl)}">Back to the shop</a></p>
</main></body></html>
`;
};

/** Where there is no such payment. */
export const noPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>No payment</title>
<body><p>There is no payment at this address.</p></body></html>
`;
