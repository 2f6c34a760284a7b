// Prints the next list of signing keys, for IDENTITY_SIGNING_KEYS, from the present one in the environment.
// Three steps, ten minutes apart: publish (a new key, which does not sign yet), sign (with it), retire (the old one).
import { generateKeyPairSync, randomUUID } from 'node:crypto';

const steps = {
  publish: (keys) => [...keys, newKey()],
  sign: (keys) => [...keys.slice(-1), ...keys.slice(0, -1)],
  retire: (keys) => keys.slice(0, 1),
};

const newKey = () => ({
  ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }),
  kid: randomUUID(),
});

const keys = JSON.parse(process.env.IDENTITY_SIGNING_KEYS ?? '[]');
const step = steps[process.argv[2]];
if (step === undefined || !Array.isArray(keys) || keys.length === 0) {
  process.stderr.write(
    'IDENTITY_SIGNING_KEYS=… node docker/rotate-keys.mjs publish | sign | retire\n',
  );
  process.exit(1);
}
process.stdout.write(`${JSON.stringify(step(keys))}\n`);
