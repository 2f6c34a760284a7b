import { countStatements } from '@lyceum/testing';
import { identityWorld, type IdentityWorld } from '../identity-world.factory';
import { createPasswordHashing } from './password-hashing';

const loginMutation = `mutation ($input: LoginInput!) {
  login(input: $input) {
    __typename
    ... on AuthPayload { accessToken account { handle } }
    ... on UserError { code message }
  }
}`;
const password = 'drapes-on-the-moon';

describe('login', () => {
  let world: IdentityWorld;
  const verified: (string | null)[] = [];

  beforeAll(async () => {
    const real = createPasswordHashing();
    world = await identityWorld({
      passwords: {
        hash: (text) => real.hash(text),
        isCorrect: (hash, text) => {
          verified.push(hash);
          return real.isCorrect(hash, text);
        },
      },
    });
    await world.db.query(
      `INSERT INTO account (id, handle, display_name, email, password_hash, created_at, imported_from) VALUES
       (gen_random_uuid(), 'Ada', 'Ada', 'Ada@example.org', $1, now(), NULL),
       (gen_random_uuid(), 'unclaimed', 'U', NULL, NULL, now(), 'stackexchange:ai:1')`,
      [await real.hash(password)],
    );
  });
  afterAll(() => world.close());

  const login = (handleOrEmail: string, secret = password) =>
    world.ask(loginMutation, { input: { handleOrEmail, password: secret } });

  it.each(['ada', 'ADA', 'ada@EXAMPLE.org'])('logs in as %s', async (name) => {
    const { data } = await login(name);
    expect(data.login).toMatchObject({ __typename: 'AuthPayload', account: { handle: 'Ada' } });
  });

  it('answers a wrong password, an unknown name and an unclaimed account the same, after the same work', async () => {
    const tries: [string, string][] = [
      ['ada', 'not-this-one-either'],
      ['ada@example.org', 'not-this-one-either'],
      ['nobody', password],
      ['nobody@example.org', password],
      ['unclaimed', password],
      ['unclaimed', ''],
      ['ada', 'x'.repeat(1_000)],
    ];
    const seen = new Set<string>();
    for (const [name, secret] of tries) {
      verified.length = 0;
      const statements = countStatements(world.deps);
      const answer = await login(name, secret);
      const { length } = statements.stop();
      seen.add(JSON.stringify({ answer, statements: length, verifications: verified.length }));
    }
    expect(seen.size).toBe(1);
    expect(JSON.parse([...seen][0] ?? '')).toMatchObject({
      answer: { data: { login: { code: 'INVALID_CREDENTIALS' } } },
      statements: 1,
      verifications: 1,
    });
  });

  it('slows down who guesses the password of one account, and nobody else', async () => {
    for (let tries = 0; tries < 30; tries += 1) await login('victim', 'guess-after-guess');
    const { codes } = await login('VICTIM', 'guess-after-guess');
    expect(codes).toEqual(['RATE_LIMITED']);
    expect((await login('ada')).data).toMatchObject({ login: { __typename: 'AuthPayload' } });
  });
});
