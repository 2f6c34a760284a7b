import { accountWorld, password, type AccountWorld } from '../accounts/account-world.factory';
import { base32, codeAt, matchingStep, stepOf } from './totp';

describe('one-time codes', () => {
  // RFC 6238, appendix B, cut to six digits.
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('are those of the standard at %d s', (seconds, code) => {
    const secret = Buffer.from('12345678901234567890');
    expect(codeAt(secret, stepOf(new Date(seconds * 1000)))).toBe(code);
  });

  it('are good half a minute early or late, and never again', () => {
    const secret = Buffer.from('12345678901234567890');
    const now = new Date(1111111111_000);
    const step = stepOf(now);
    for (const near of [-1, 0, 1])
      expect(matchingStep(secret, codeAt(secret, step + near), { now, lastStep: 0 })).toBe(
        step + near,
      );
    for (const far of [-2, 2])
      expect(matchingStep(secret, codeAt(secret, step + far), { now, lastStep: 0 })).toBeNull();
    expect(matchingStep(secret, codeAt(secret, step), { now, lastStep: step })).toBeNull();
    expect(matchingStep(secret, codeAt(secret, step - 1), { now, lastStep: step })).toBeNull();
    for (const no of ['', '12345', '1234567', 'abcdef', '٠٥٠٤٧١'])
      expect(matchingStep(secret, no, { now, lastStep: 0 })).toBeNull();
  });

  it('have their secret in base 32', () => {
    expect(base32(Buffer.from('foobar'))).toBe('MZXW6YTBOI'); // RFC 4648
  });
});

describe('an account with a second factor', () => {
  let world: AccountWorld;
  beforeAll(async () => {
    world = await accountWorld();
  });
  beforeEach(() => world.setNow('2026-01-01T00:00:00Z'));
  afterAll(() => world.close());

  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const decode = (text: string): Buffer => {
    const bits = Array.from(text, (sign) => alphabet.indexOf(sign).toString(2).padStart(5, '0'));
    const bytes = bits.join('').match(/.{8}/g) ?? [];
    return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
  };
  const codeNow = (secret: string): string => codeAt(decode(secret), stepOf(world.deps.now()));
  const text = (value: unknown): [string, unknown] => ['String!', value];
  const complete = (challenge: unknown, code: string) =>
    world.mutate('completeLogin', { input: ['CompleteLoginInput!', { challenge, code }] });

  const protectedPerson = async () => {
    const person = await world.register();
    const { secret, uri } = await world.mutate('setUpTotp', { password: text(password) }, person);
    const { codes } = await world.mutate(
      'confirmTotp',
      { code: text(codeNow(String(secret))) },
      person,
    );
    world.setNow('2026-01-01T00:01:00Z'); // the code of the set-up is used up
    return { ...person, secret: String(secret), uri, codes: codes as string[] };
  };

  it('is as before until a first code confirms it', async () => {
    const person = await world.register();
    const first = await world.mutate('setUpTotp', { password: text(password) }, person);
    expect(first['uri']).toBe(
      `otpauth://totp/Lyceum:${person.handle}?secret=${String(first['secret'])}&issuer=Lyceum`,
    );
    expect(await world.login(person.handle)).toMatchObject({ __typename: 'AuthPayload' });
    expect(await world.mutate('confirmTotp', { code: text('000000') }, person)).toMatchObject({
      code: 'WRONG_CODE',
    });
    const second = await world.mutate('setUpTotp', { password: text(password) }, person);
    const old = codeNow(String(first['secret']));
    expect(await world.mutate('confirmTotp', { code: text(old) }, person)).toMatchObject({
      code: 'WRONG_CODE',
    });
    const good = codeNow(String(second['secret']));
    const confirmed = await world.mutate('confirmTotp', { code: text(good) }, person);
    expect(new Set(confirmed['codes'] as string[]).size).toBe(10);
    expect(await world.mutate('setUpTotp', { password: text(password) }, person)).toMatchObject({
      code: 'SECOND_FACTOR_EXISTS',
    });
  });

  it('logs in with password and code, and with neither alone', async () => {
    const person = await protectedPerson();
    expect(await world.login(person.handle, 'wrong')).toMatchObject({
      code: 'INVALID_CREDENTIALS',
    });
    const asked = await world.login(person.handle);
    expect(asked).toMatchObject({ __typename: 'SecondFactorRequired' });
    expect(asked).not.toHaveProperty('accessToken');
    expect(await complete('x'.repeat(43), codeNow(person.secret))).toMatchObject({
      code: 'LOGIN_CHALLENGE_OVER',
    });
    expect(await complete(asked['challenge'], codeNow(person.secret))).toMatchObject({
      account: { id: person.id },
    });
    expect(await complete(asked['challenge'], codeNow(person.secret))).toMatchObject({
      code: 'LOGIN_CHALLENGE_OVER',
    });
  });

  it('takes a code once, also of two log-ins at the same time', async () => {
    const person = await protectedPerson();
    const asked = [await world.login(person.handle), await world.login(person.handle)];
    const code = codeNow(person.secret);
    const answers = await Promise.all(asked.map(({ challenge }) => complete(challenge, code)));
    expect(answers.map((answer) => answer['__typename']).sort()).toEqual([
      'AuthPayload',
      'WrongCode',
    ]);
  });

  it('takes a recovery code once, and tells its person', async () => {
    const person = await protectedPerson();
    const [code = ''] = person.codes;
    const first = await world.login(person.handle);
    expect(await complete(first['challenge'], code.toLowerCase())).toMatchObject({
      __typename: 'AuthPayload',
    });
    const second = await world.login(person.handle);
    expect(await complete(second['challenge'], code)).toMatchObject({ code: 'WRONG_CODE' });
    const mails = await world.mailTo(person.email);
    expect(mails.some((mail) => mail.text.includes('a recovery code was used'))).toBe(true);
  });

  it('is not let in after five wrong codes, nor five minutes, even by the right code', async () => {
    const person = await protectedPerson();
    const asked = await world.login(person.handle);
    for (let n = 0; n < 5; n += 1)
      expect(await complete(asked['challenge'], '000000')).toMatchObject({ code: 'WRONG_CODE' });
    expect(await complete(asked['challenge'], codeNow(person.secret))).toMatchObject({
      code: 'LOGIN_CHALLENGE_OVER',
    });
    const late = await world.login(person.handle);
    world.setNow('2026-01-01T00:06:01Z');
    expect(await complete(late['challenge'], codeNow(person.secret))).toMatchObject({
      code: 'LOGIN_CHALLENGE_OVER',
    });
  });

  it('cannot be guessed over many log-ins', async () => {
    const person = await protectedPerson();
    const seen = new Set<string>();
    for (let n = 0; n < 12; n += 1) {
      const asked = await world.login(person.handle);
      seen.add(JSON.stringify(await complete(asked['challenge'], '111111')));
    }
    expect([...seen].at(-1)).toBe('{"codes":["RATE_LIMITED"]}');
  });

  it('keeps it over a reset password and a deactivation', async () => {
    const person = await protectedPerson();
    await world.mutate('deactivateAccount', { password: text(password) }, person);
    const asked = await world.mutate('reactivateAccount', {
      input: ['LoginInput!', { handleOrEmail: person.handle, password }],
    });
    expect(asked).toMatchObject({ __typename: 'SecondFactorRequired' });
    expect(await world.login(person.handle)).toMatchObject({ code: 'ACCOUNT_DEACTIVATED' });
    expect(await complete(asked['challenge'], codeNow(person.secret))).toMatchObject({
      __typename: 'AuthPayload',
    });
    await world.mutate('requestPasswordReset', { email: text(person.email) });
    await world.runMailJob();
    const mailed = await world.mailedToken(person.email, 'reset-password');
    const newPassword = 'curtains-on-the-sun';
    await world.mutate('resetPassword', {
      input: ['ResetPasswordInput!', { token: mailed, newPassword }],
    });
    expect(await world.login(person.handle, newPassword)).toMatchObject({
      __typename: 'SecondFactorRequired',
    });
  });

  it('gets new recovery codes, and loses it, with password and code', async () => {
    const person = await protectedPerson();
    const both = (secret: string, code: string): [string, unknown] => [
      'SecondFactorInput!',
      { password: secret, code },
    ];
    for (const name of ['removeSecondFactor', 'renewRecoveryCodes']) {
      expect(await world.mutate(name, { input: both('wrong', '000000') }, person)).toMatchObject({
        code: 'WRONG_PASSWORD',
      });
      expect(await world.mutate(name, { input: both(password, '000000') }, person)).toMatchObject({
        code: 'WRONG_CODE',
      });
    }
    const [, old = ''] = person.codes;
    const renewed = await world.mutate(
      'renewRecoveryCodes',
      { input: both(password, codeNow(person.secret)) },
      person,
    );
    expect(
      await world.mutate('removeSecondFactor', { input: both(password, old) }, person),
    ).toMatchObject({ code: 'WRONG_CODE' });
    const [fresh = ''] = renewed['codes'] as string[];
    expect(
      await world.mutate('removeSecondFactor', { input: both(password, fresh) }, person),
    ).toMatchObject({ id: person.id });
    expect(await world.login(person.handle)).toMatchObject({ __typename: 'AuthPayload' });
  });

  it('has neither secret nor codes in the database', async () => {
    const person = await protectedPerson();
    const rows = JSON.stringify(await world.db.query('SELECT * FROM totp, recovery_code'));
    const secrets = [person.secret, decode(person.secret).toString('base64url')];
    for (const hidden of [...secrets, ...person.codes, person.codes[0]?.replaceAll('-', '') ?? ''])
      expect(rows).not.toContain(hidden);
  });
});
