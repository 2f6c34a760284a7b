// Prints a .env for compose.yaml with fresh secrets:  node docker/make-env.mjs > docker/.env
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';

const secret = () => randomBytes(32).toString('hex');

const signingKey = () => {
  const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  // RFC 7638: the members a thumbprint is made of, in this order.
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
  return { kty, crv, kid, x, d };
};

process.stdout.write(`PORT=4000
LOG_LEVEL=info
GATEWAY_EXPLORABLE=false
ALLOWED_ORIGINS=
GATEWAY_SECRET=${secret()}
IDENTITY_SIGNING_KEYS='${JSON.stringify([signingKey()])}'
POSTGRES_PASSWORD=${secret()}
LYCEUM_DATABASE_PASSWORD=${secret()}
REDIS_PASSWORD=${secret()}
`);
