import { parseEnv } from '@lyceum/platform';
import { z } from 'zod';
import { signingKeys } from './sessions/signing-keys';

const json = z.string().transform((text, ctx): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    ctx.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});

/** What identity's server reads besides what every service does. */
export const identityEnv = z.object({
  /** A JSON array of Ed25519 keys as JWKs; see `signing-keys.ts` for how to rotate them. */
  IDENTITY_SIGNING_KEYS: json.pipe(signingKeys),
  REDIS_URL: z.url().optional(),
});

export const readEnv = (): z.infer<typeof identityEnv> => parseEnv(identityEnv);
