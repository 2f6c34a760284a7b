import { hash } from '@node-rs/argon2';
import { createPasswordHashing } from './password-hashing';

describe('password hashing', () => {
  it('knows a password again, however its letters are composed', async () => {
    const passwords = createPasswordHashing();
    const hash = await passwords.hash('crème brûlée please'.normalize('NFC'));
    expect(await passwords.isCorrect(hash, 'crème brûlée please'.normalize('NFD'))).toBe(true);
    expect(await passwords.isCorrect(hash, 'creme brulee please')).toBe(false);
  });

  it('finds no password correct for an account that has none', async () => {
    const passwords = createPasswordHashing();
    expect(await passwords.isCorrect(null, '')).toBe(false);
    expect(await passwords.isCorrect(null, 'anything at all')).toBe(false);
  });

  it('sheds what its queue has no room for, and serves the rest', async () => {
    const passwords = createPasswordHashing({ concurrency: 1, maxWaiting: 2 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, (_, n) => passwords.hash(`password number ${n}`)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(outcomes[3]).toMatchObject({
      reason: { extensions: { code: 'RATE_LIMITED', retryAfterMs: 1_000 } },
    });
    await expect(passwords.hash('there is room again')).resolves.toContain('$argon2id$');
  });

  it('goes on after a hash that is none, and hashes as before', async () => {
    const passwords = createPasswordHashing({ concurrency: 1, maxWaiting: 2 });
    await expect(passwords.isCorrect('no hash', 'password number 1')).rejects.toThrow();
    const made = await passwords.hash('password number 1');
    expect(made).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.isCorrect(made, 'password number 1')).toBe(true);
    const library = await hash('password number 1', {
      memoryCost: 19_456,
      timeCost: 2,
      parallelism: 1,
    });
    expect(await passwords.isCorrect(library, 'password number 1')).toBe(true);
  });
});
