import { createHash } from 'node:crypto';

/** Providers at which dots before the @ mean nothing. */
const dotless = new Set(['gmail.com', 'googlemail.com']);

/** What two addresses of one mailbox have in common: case, what follows a `+`, and at some providers dots. */
export const normalisedEmail = (email: string): string => {
  const [, local = '', host = ''] = /^(.*)@([^@]*)$/.exec(email.trim().toLowerCase()) ?? [];
  const name = local.split('+')[0] ?? '';
  const mailbox = dotless.has(host) ? name.replaceAll('.', '') : name;
  return `${mailbox}@${host === 'googlemail.com' ? 'gmail.com' : host}`;
};

/** By which a person is known again in one community, without the address being kept. */
export const emailDigest = (communityId: string, email: string): string =>
  createHash('sha256')
    .update(`${communityId}:${normalisedEmail(email)}`)
    .digest('hex');
