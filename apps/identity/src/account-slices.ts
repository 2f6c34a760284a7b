import type { AnyJob, AppDatabase } from '@lyceum/platform';
import type { ClassType } from 'type-graphql';
import { AccountSecurityResolver } from './accounts/account-security.resolver';
import { EmailChangeRow } from './accounts/email-change.entity';
import { forgetMail } from './mail/forget-mail.job';
import { Mail } from './mail/mail.entity';
import { sendMail } from './mail/send-mail.job';
import { MailAndSessions1750000110000 } from './migrations/1750000110000-mail-and-sessions';
import { PersonalTokens1750000111000 } from './migrations/1750000111000-personal-tokens';
import { SecondFactors1750000112000 } from './migrations/1750000112000-second-factors';
import { ExternalLogins1750000114000 } from './migrations/1750000114000-external-logins';
import { ExternalLogin, ExternalLoginAttempt } from './oauth/external-login.entities';
import { ExternalLoginResolver } from './oauth/external-login.resolver';
import { Passkeys1750000113000 } from './migrations/1750000113000-passkeys';
import { Passkey, PasskeyChallenge } from './passkeys/passkey.entities';
import { PasskeyResolver } from './passkeys/passkey.resolver';
import { Proof } from './proofs/proof.entity';
import { LoginChallenge, RecoveryCode, Totp } from './second-factor/second-factor.entities';
import { SecondFactorResolver } from './second-factor/second-factor.resolver';
import { PersonalToken } from './tokens/personal-token.entity';
import { ServiceAccount } from './tokens/service-account.entity';
import { TokenResolver } from './tokens/token.resolver';

interface Slices {
  readonly resolvers: readonly ClassType[];
  readonly jobs: readonly AnyJob[];
  readonly entities: AppDatabase['entities'];
  readonly migrations: AppDatabase['migrations'];
}

/** What protects accounts: mail, proofs, sessions, tokens, second factors. */
export const accountSlices: Slices = {
  resolvers: [
    AccountSecurityResolver,
    TokenResolver,
    SecondFactorResolver,
    PasskeyResolver,
    ExternalLoginResolver,
  ],
  jobs: [sendMail, forgetMail],
  entities: [
    Mail,
    Proof,
    EmailChangeRow,
    PersonalToken,
    ServiceAccount,
    Totp,
    RecoveryCode,
    LoginChallenge,
    Passkey,
    PasskeyChallenge,
    ExternalLogin,
    ExternalLoginAttempt,
  ],
  migrations: [
    MailAndSessions1750000110000,
    PersonalTokens1750000111000,
    SecondFactors1750000112000,
    Passkeys1750000113000,
    ExternalLogins1750000114000,
  ],
};
