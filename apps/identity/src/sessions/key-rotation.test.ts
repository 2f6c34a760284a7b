import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createTokenVerifier } from '@lyceum/platform';
import { newId } from '@lyceum/contracts';
import { createAccessTokens } from './access-token';
import { generateSigningKey, publicKeys, signingKeys, type SigningKey } from './signing-keys';

const minute = 60_000;
const script = join(__dirname, '../../../../docker/rotate-keys.mjs');

const rotate = (step: string, keys: readonly SigningKey[]): readonly SigningKey[] =>
  signingKeys.parse(
    JSON.parse(
      execFileSync(process.execPath, [script, step], {
        env: { IDENTITY_SIGNING_KEYS: JSON.stringify(keys) },
        encoding: 'utf8',
      }),
    ),
  );

it('keys are rotated without a refused token, by verifiers that know the keys of ten minutes ago', async () => {
  let now = Date.UTC(2026, 0, 1);
  const subject = { accountId: newId<'Account'>(), sessionId: newId<'Session'>() };
  const first = [await generateSigningKey()];
  const published = rotate('publish', first);
  const signing = rotate('sign', published);
  const retired = rotate('retire', signing);
  expect([published.length, signing.length, retired.length]).toEqual([2, 2, 1]);
  expect(retired[0]?.kid).toBe(published[1]?.kid);

  const stages = [first, published, signing, retired];
  for (const [n, keys] of stages.entries()) {
    const before = stages[Math.max(0, n - 1)] ?? keys;
    const issued = await createAccessTokens(keys, () => now).sign(subject);
    const older = await createAccessTokens(before, () => now - 9 * minute).sign(subject);
    // Verifiers are late by one step, or of today; tokens are new, or nearly over.
    for (const known of [before, keys]) {
      const verify = createTokenVerifier({ keys: publicKeys(known) }, () => now);
      await verify(`Bearer ${issued.accessToken}`);
    }
    // The last step waits until the last token of the old key is over.
    if (keys !== retired) {
      const verify = createTokenVerifier({ keys: publicKeys(keys) }, () => now);
      await verify(`Bearer ${older.accessToken}`);
    }
    now += 10 * minute;
  }
  const stolen = await createAccessTokens(first, () => now).sign(subject);
  const verify = createTokenVerifier({ keys: publicKeys(retired) }, () => now);
  await expect(verify(`Bearer ${stolen.accessToken}`)).rejects.toThrow('not valid');
});

it('the published keys have no private part', async () => {
  const { keys } = publicKeys([await generateSigningKey()]);
  expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
});
