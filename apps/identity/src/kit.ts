import { createLocalRateLimiter, type Deps, type RateLimiter } from '@lyceum/platform';
import {
  createSmtpMailer,
  defaultMailSettings,
  type Mailer,
  type MailSettings,
} from './mail/mailer';
import { createPasswordHashing, type PasswordHashing } from './accounts/password-hashing';
import type { LoginProvider } from './oauth/providers';
import { createAccessTokens, type AccessTokens } from './sessions/access-token';
import type { SigningKey } from './sessions/signing-keys';
import { createSecret, noSecret, type Secret } from './secret';

export interface IdentityConfig {
  /** The first signs, all are published. */
  readonly signingKeys: readonly SigningKey[];
  /** Shared by all processes when there is Redis; by default each limits for itself. */
  readonly limiter?: RateLimiter;
  readonly passwords?: PasswordHashing;
  /** What the tokens in mails and the seals of second factors are made with; the same in all processes. */
  readonly secret?: string;
  readonly mail?: MailSettings;
  /** Other sites that people can log in by. */
  readonly loginProviders?: readonly LoginProvider[];
  /** Instead of the one that `mail` describes. */
  readonly mailer?: Mailer;
}

/** What identity needs besides `Deps`: one for each app, because its memory is shared by all requests. */
export interface Kit {
  readonly passwords: PasswordHashing;
  readonly accessTokens: AccessTokens;
  readonly limiter: RateLimiter;
  readonly secret: Secret;
  readonly mail: MailSettings;
  readonly loginProviders: readonly LoginProvider[];
  /** Null when mails are kept for a developer to look at. */
  readonly mailer: Mailer | null;
}

export interface HasDeps {
  readonly deps: Deps;
}

// type-graphql makes resolvers itself, once a process; so what belongs to an app is found through its deps.
const kits = new WeakMap<Deps, Kit>();

export const openKit = (deps: Deps, config: IdentityConfig): void => {
  const nowMs = (): number => deps.now().getTime();
  const mail = config.mail ?? defaultMailSettings;
  kits.set(deps, {
    passwords: config.passwords ?? createPasswordHashing(),
    accessTokens: createAccessTokens(config.signingKeys, nowMs),
    limiter: config.limiter ?? createLocalRateLimiter(nowMs),
    secret: config.secret === undefined ? noSecret : createSecret(config.secret),
    mail,
    loginProviders: config.loginProviders ?? [],
    mailer: config.mailer ?? smtpMailer(mail),
  });
};

const smtpMailer = ({ smtpUrl, from }: MailSettings): Mailer | null =>
  smtpUrl === undefined ? null : createSmtpMailer(smtpUrl, from);

export const kitOf = ({ deps }: HasDeps): Kit => {
  const kit = kits.get(deps);
  if (kit === undefined) throw new Error('createApp has not been called with these deps');
  return kit;
};
