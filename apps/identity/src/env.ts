import { parseEnv } from '@lyceum/platform';
import { z } from 'zod';
import type { IdentityConfig } from './kit';
import { defaultMailSettings, type MailSettings } from './mail/mailer';
import { loginProvider, type LoginProvider } from './oauth/providers';
import { signingKeys } from './sessions/signing-keys';

const json = z.string().transform((text, ctx): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    ctx.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});

/** Compose files hand unset variables over as empty ones. */
const blank = (value: unknown): unknown => (value === '' ? undefined : value);

const loginProviders = z.preprocess(
  (value) => blank(value) ?? '[]',
  json.pipe(z.array(loginProvider)),
);

/** Of mail, both the server and the worker of identity read this. */
const mailEnv = z.object({
  /** `smtp://user:password@host:587`, or `smtps://`. Without it mails are kept, and nothing is sent. */
  SMTP_URL: z.preprocess(blank, z.url({ protocol: /^smtps?$/ }).optional()),
  /** `Lyceum <no-reply@example.org>` */
  MAIL_FROM: z.preprocess(
    blank,
    z.string().regex(/@/, 'needs an address').default(defaultMailSettings.from),
  ),
  /** The page of the front end that takes what a mail's link carries after its `#`. */
  ACCOUNT_URL: z.preprocess(
    blank,
    z.url({ protocol: /^https?$/ }).default(defaultMailSettings.accountUrl),
  ),
});

const toMailSettings = (env: z.infer<typeof mailEnv>): MailSettings => ({
  smtpUrl: env.SMTP_URL,
  from: env.MAIL_FROM,
  accountUrl: env.ACCOUNT_URL,
});

/** For who starts identity in its own process, and so has secrets of its own. */
export const readMailSettings = (): MailSettings => toMailSettings(parseEnv(mailEnv));

export const readLoginProviders = (): readonly LoginProvider[] =>
  parseEnv(z.object({ LOGIN_PROVIDERS: loginProviders })).LOGIN_PROVIDERS;

/** What mails' tokens and second factors are made with: the gateway's secret, until there is one of identity's own. */
const secretEnv = z.object({
  GATEWAY_SECRET: z.string().min(32),
  IDENTITY_SECRET: z.preprocess(blank, z.string().min(32, 'at least 32 characters').optional()),
});

/** What identity's server and worker share. */
export const readAccountEnv = (): Pick<IdentityConfig, 'mail'> & { secret: string } => {
  const env = parseEnv(z.intersection(mailEnv, secretEnv));
  return { mail: toMailSettings(env), secret: env.IDENTITY_SECRET ?? env.GATEWAY_SECRET };
};

/** What identity's server reads besides what every service does. */
export const identityEnv = z.object({
  /** A JSON array of Ed25519 keys as JWKs; see `signing-keys.ts` for how to rotate them. */
  IDENTITY_SIGNING_KEYS: json.pipe(signingKeys),
  REDIS_URL: z.url().optional(),
  /** A JSON array of sites that people can log in by; see `oauth/providers.ts`. */
  LOGIN_PROVIDERS: loginProviders,
});

export const readEnv = (): z.infer<typeof identityEnv> => parseEnv(identityEnv);
