import { createLog, serviceContext } from '@lyceum/platform';
import { emitted } from '@lyceum/testing';
import { accountWorld, type AccountWorld } from './accounts/account-world.factory';
import { createPasswordHashing } from './accounts/password-hashing';
import { codeAt, stepOf } from './second-factor/totp';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Everything in every table, as text. */
const wholeDatabase = async (world: AccountWorld): Promise<string> => {
  const tables = await world.db.query<{ name: string }[]>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  const parts: string[] = [];
  for (const { name } of tables) {
    const rows = await world.db.query<{ text: string | null }[]>(
      `SELECT string_agg(t::text, E'\\n') AS text FROM ${name} AS t`,
    );
    parts.push(rows[0]?.text ?? '');
  }
  return parts.join('\n');
};

describe('a day in the life of an account', () => {
  it('leaves nothing that one can log in with: not in the database, logs, errors, events or queues', async () => {
    const written: string[] = [];
    const log = createLog({
      name: 'identity',
      level: 'trace',
      destination: { write: (line: string) => void written.push(line) },
    });
    const world = await accountWorld({ passwords: createPasswordHashing() });
    Object.assign(world.deps, { log });
    const answers: unknown[] = [];
    const secrets = new Set<string>();
    const keep = (value: unknown): string => {
      secrets.add(String(value));
      return String(value);
    };
    const text = (value: unknown): [string, unknown] => ['String!', value];
    const run = async (...call: Parameters<AccountWorld['mutate']>) => {
      const answer = await world.mutate(...call);
      const given = ['accessToken', 'token', 'codes', 'secret', 'challenge']; // what is meant to be told
      if (!given.some((field) => field in answer)) answers.push(answer);
      return answer;
    };
    const [password, second, third, wrong] = [
      'drapes-on-the-moon',
      'curtains-on-the-sun',
      'blinds-on-the-stars',
      'wrong-on-purpose-9',
    ].map(keep);

    const person = await world.register();
    [person.token, person.refreshToken].map(keep);
    keep(await world.mailedToken(person.email, 'verify-email'));
    await run('verifyEmail', { token: text([...secrets].at(-1)) });
    await run('login', {
      input: ['LoginInput!', { handleOrEmail: person.handle, password: wrong }],
    });
    const change = { currentPassword: password, newPassword: second };
    await run('changePassword', { input: ['ChangePasswordInput!', change] }, person);
    const token = await run(
      'createPersonalToken',
      {
        input: ['CreatePersonalTokenInput!', { name: 'n', scopes: ['READ'], expiresInDays: 9 }],
      },
      person,
    );
    keep(token['token']);
    const { secret } = await run('setUpTotp', { password: text(second) }, person);
    keep(secret);
    const bits = Array.from(String(secret), (sign) =>
      alphabet.indexOf(sign).toString(2).padStart(5, '0'),
    );
    const bytes = bits.join('').match(/.{8}/g) ?? [];
    const key = Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
    const code = codeAt(key, stepOf(world.deps.now()));
    const { codes } = await run('confirmTotp', { code: text(code) }, person);
    for (const recovery of codes as string[]) {
      keep(recovery);
      keep(recovery.replaceAll('-', ''));
    }
    const { challenge } = await run('login', {
      input: ['LoginInput!', { handleOrEmail: person.handle, password: second }],
    });
    keep(challenge);
    await run('completeLogin', {
      input: ['CompleteLoginInput!', { challenge, code: (codes as string[])[0] }],
    });
    await run('requestPasswordReset', { email: text(person.email) });
    await world.runMailJob();
    const mailed = keep(await world.mailedToken(person.email, 'reset-password'));
    await run('resetPassword', {
      input: ['ResetPasswordInput!', { token: mailed, newPassword: third }],
    });
    await world.ask('{ me { id } }', {}, `${person.token}x`);
    await run('refreshSession', {
      input: ['RefreshSessionInput!', { refreshToken: person.refreshToken }],
    });

    const database = await wholeDatabase(world);
    const events = JSON.stringify(await emitted(world.db));
    const queues = JSON.stringify([...world.queued]);
    // A fault of ours is logged, with its query.
    await world.db.query('ALTER TABLE session RENAME TO elsewhere');
    answers.push(
      await world.ask('mutation ($input: LoginInput!) { login(input: $input) { __typename } }', {
        input: { handleOrEmail: person.handle, password: third },
      }),
    );
    serviceContext(world.deps, 'x').log.info('end');

    expect(secrets.size).toBeGreaterThan(30);
    expect(database).toContain('$argon2id$');
    expect(database).toContain(person.email);
    const places = {
      database,
      events,
      queues,
      logs: written.join(''),
      errors: JSON.stringify(answers),
    };
    for (const [place, content] of Object.entries(places))
      for (const hidden of secrets)
        expect([place, hidden, content.includes(hidden)]).toEqual([place, hidden, false]);
    expect(places.logs).not.toContain(person.email);
    expect(places.logs).not.toContain('$argon2id$');
    await world.close();
  });
});
