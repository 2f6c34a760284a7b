import type { AccountId } from '@lyceum/contracts';
import assert from 'node:assert';
import { identityWorld, type IdentityWorld } from '../identity-world.factory';
import type { IdentityConfig } from '../kit';
import { contentOf, sendMail } from '../mail/send-mail.job';

export const password = 'drapes-on-the-moon';

export interface Registered {
  readonly id: AccountId;
  readonly handle: string;
  readonly email: string;
  readonly token: string;
  readonly refreshToken: string;
}

export interface ReadMail {
  readonly template: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Of its link; null when it has none. */
  readonly token: string | null;
}

type Outcome = Record<string, unknown>;

/** Identity with people who have registered, and whose mail can be read. */
export interface AccountWorld extends IdentityWorld {
  register(): Promise<Registered>;
  login(
    name: string,
    secret?: string,
  ): Promise<Outcome & { accessToken?: string; refreshToken?: string }>;
  /** One mutation with an `input` or other variables; its answer, or the codes of its errors. */
  mutate(
    name: string,
    args: Record<string, [type: string, value: unknown]>,
    who?: { token: string } | null,
  ): Promise<Outcome>;
  /** Sends what waits, and reads what has gone to an address, the newest first. */
  mailTo(address: string): Promise<readonly ReadMail[]>;
  /** The token in the newest mail of a kind. */
  mailedToken(address: string, template: string): Promise<string>;
  canRefresh(refreshToken: string | undefined): Promise<boolean>;
  runMailJob(): Promise<void>;
}

export const accountWorld = async (config: Partial<IdentityConfig> = {}): Promise<AccountWorld> => {
  // Hashing is tested elsewhere; here a password is its own hash.
  const world = await identityWorld({
    passwords: {
      hash: (text) => Promise.resolve(`hash of ${text}`),
      isCorrect: (hash, text) => Promise.resolve(hash === `hash of ${text}`),
    },
    ...config,
  });
  let people = 0;

  const mutate: AccountWorld['mutate'] = async (name, args, who = null) => {
    const entries = Object.entries(args);
    const head = entries.map(([arg, [type]]) => `$${arg}: ${type}`).join(', ');
    const passed = entries.map(([arg]) => `${arg}: $${arg}`).join(', ');
    const selection = selections[name];
    const fields =
      selection === null
        ? ''
        : plain.has(selection ?? '')
          ? `{ ${selection ?? ''} }`
          : `{ __typename ${selection ?? ''} ... on UserError { code } }`;
    const { data, codes } = await world.ask<Record<string, Outcome>>(
      `mutation ${head === '' ? '' : `(${head})`} { answer: ${name}${passed === '' ? '' : `(${passed})`} ${fields} }`,
      Object.fromEntries(entries.map(([arg, [, value]]) => [arg, value])),
      who?.token ?? null,
    );
    if (codes.length > 0) return { codes };
    const answer: unknown = data['answer'];
    return typeof answer === 'object' && answer !== null ? (answer as Outcome) : { answer };
  };

  const runMailJob = (): Promise<void> =>
    sendMail.run(
      { deps: world.deps, ctx: world.as(null), signal: AbortSignal.timeout(10_000) },
      {},
    );

  const mailTo: AccountWorld['mailTo'] = async (address) => {
    await runMailJob();
    const rows = await world.db.query<never[]>(
      `SELECT template, recipient AS "to", locale, details, proof_id AS "proofId" FROM mail
       WHERE recipient = $1 ORDER BY created_at DESC, id DESC`,
      [address],
    );
    return rows.map((row: Parameters<typeof contentOf>[1] & { to: string }) => {
      const content = contentOf(world, row);
      assert(content !== null);
      const token = /#[\w-]+=([\w-]{43})/.exec(content.text)?.[1] ?? null;
      return { template: row.template, to: row.to, token, ...content };
    });
  };

  return {
    ...world,
    mutate,
    mailTo,
    runMailJob,
    async register() {
      people += 1;
      const input = { handle: `reader${people}`, email: `reader${people}@example.org`, password };
      const { accessToken, refreshToken, account } = (await mutate('register', {
        input: ['RegisterInput!', input],
      })) as { accessToken: string; refreshToken: string; account: { id: AccountId } };
      return { id: account.id, ...input, token: accessToken, refreshToken };
    },
    login: (name, secret = password) =>
      mutate('login', { input: ['LoginInput!', { handleOrEmail: name, password: secret }] }),
    async mailedToken(address, template) {
      const mails = await mailTo(address);
      const token = mails.find((mail) => mail.template === template)?.token;
      assert(token != null, `no ${template} for ${address} among ${JSON.stringify(mails)}`);
      return token;
    },
    async canRefresh(refreshToken) {
      const answer = await mutate('refreshSession', {
        input: ['RefreshSessionInput!', { refreshToken }],
      });
      return answer['__typename'] === 'AuthPayload';
    },
  };
};

/** Of answers that are one type. */
const plain = new Set(['json', 'url binding']);

const auth = '... on AuthPayload { accessToken refreshToken account { id handle } }';
const account = '... on Account { id isEmailVerified isDeactivated }';
const newToken =
  '... on NewPersonalToken { token personalToken { id name hint scopes expiresAt lastUsedAt } }';
const recoveryCodes = '... on RecoveryCodes { codes }';
const emailChange = '... on EmailChange { isLeavingConfirmed isEnteringConfirmed isComplete }';

/** What is asked of an answer besides its type and, of a refusal, its code; null for no object. */
const selections: Readonly<Record<string, string | null>> = {
  register: auth,
  login: `${auth} ... on SecondFactorRequired { challenge }`,
  completeLogin: auth,
  setUpTotp: '... on TotpSetup { secret uri }',
  confirmTotp: recoveryCodes,
  renewRecoveryCodes: recoveryCodes,
  removeSecondFactor: account,
  refreshSession: auth,
  claimAccount: auth,
  reactivateAccount: `${auth} ... on SecondFactorRequired { challenge }`,
  verifyEmail: account,
  deactivateAccount: account,
  changeEmail: emailChange,
  confirmEmailChange: emailChange,
  sendVerificationEmail: null,
  requestPasswordReset: null,
  beginPasskey: '... on PasskeyOptions { json }',
  beginPasskeyLogin: 'json',
  addPasskey: '... on Passkey { id name }',
  removePasskey: '... on Passkey { id name }',
  loginWithPasskey: auth,
  beginExternalLogin: 'url binding',
  beginExternalLink: 'url binding',
  completeExternalLogin: `${auth} ... on SecondFactorRequired { challenge }`,
  logout: null,
  revokeSession: '... on LoginSession { id endedBecause }',
  createPersonalToken: newToken,
  createServiceToken: newToken,
  revokePersonalToken: '... on PersonalToken { id revokedAt }',
  createServiceAccount: '... on Account { id handle displayName }',
  deleteServiceAccount: account,
};
