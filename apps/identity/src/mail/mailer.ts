import { createTransport } from 'nodemailer';
import type { MailContent } from './templates';

export interface OutgoingMail extends MailContent {
  /** The same at every try, so that a mail that arrives twice can be told to be one. */
  readonly messageId: string;
  readonly to: string;
}

/** Hands mails over to whoever delivers them. */
export interface Mailer {
  /** Throws a `MailRefused` for what no second try would change, anything else for what may pass. */
  send(mail: OutgoingMail): Promise<void>;
  close(): void;
}

/** The server does not take this mail, now or later. */
export class MailRefused extends Error {}

export interface MailSettings {
  /** `smtp://user:password@host:port`, or `smtps://`. Without it nothing is sent: mails are kept to be looked at. */
  readonly smtpUrl?: string | undefined;
  /** `Lyceum <no-reply@example.org>` */
  readonly from: string;
  /** The page of the front end that takes what a mail's link carries after its `#`. */
  readonly accountUrl: string;
}

export const defaultMailSettings: MailSettings = {
  from: 'Lyceum <no-reply@localhost>',
  accountUrl: 'http://localhost:4000/account',
};

const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

export const createSmtpMailer = (smtpUrl: string, from: string): Mailer => {
  const transport = createTransport({ url: smtpUrl, pool: true, maxConnections: 2, ...timeouts });
  return {
    async send({ to, subject, text, html, messageId }) {
      try {
        await transport.sendMail({
          from,
          // As an object: an address in text could name further recipients.
          to: { name: '', address: to },
          subject,
          text,
          html,
          messageId,
          // A notice of a machine: no replies by other machines.
          headers: { 'Auto-Submitted': 'auto-generated' },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
      } catch (error) {
        throw isFinal(error) ? new MailRefused(`refused with ${String(codeOf(error))}`) : error;
      }
    },
    close: () => transport.close(),
  };
};

const codeOf = (error: unknown): number =>
  error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0;

/** 5xx is for good, except for 530 to 538: there it is our log-in that is refused, which an operator can mend. */
const isFinal = (error: unknown): boolean => {
  const code = codeOf(error);
  return code >= 500 && code < 600 && !(code >= 530 && code <= 538);
};
