import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';
import { z } from 'zod';

/**
 * An Ed25519 key as a JWK, private part `d` included. Rotation: add the new key at the end; once every
 * verifier has seen it (10 minutes), move it to the front; when its last token has ended (10 minutes more),
 * remove the old one. Keys that only verify may leave `d` out.
 */
export const signingKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  kid: z.string().min(1),
  x: z.string().regex(/^[\w-]{43}$/),
  d: z
    .string()
    .regex(/^[\w-]{43}$/)
    .optional(),
});
export type SigningKey = z.infer<typeof signingKey>;

/** At least one; the first signs. */
export const signingKeys = z
  .array(signingKey)
  .min(1)
  .refine(
    ([first]) => first?.d !== undefined,
    'the first key signs, so it needs its private part "d"',
  )
  .refine(
    (keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length,
    'each key needs a kid of its own',
  );

export const generateSigningKey = async (): Promise<SigningKey> => {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(privateKey);
  return signingKey.parse({ ...jwk, kid: await calculateJwkThumbprint(jwk) });
};

/** What everyone may know of the keys: the answer of `/.well-known/jwks.json`. */
export const publicKeys = (keys: readonly SigningKey[]): JSONWebKeySet => ({
  keys: keys.map(({ d: _d, ...key }) => ({ ...key, alg: 'EdDSA', use: 'sig' })),
});
