import { randomBytes } from 'node:crypto';
import { generateSigningKey, signingKeys, type SigningKey } from '@lyceum/identity/app';
import { z } from 'zod';
import { filesOf, readJson, writeJson } from './data-directory';

const secretsSchema = z.object({ gatewaySecret: z.string().min(32), signingKeys });

/** What must outlive a restart, or everybody would be logged out. */
export interface Secrets {
  readonly gatewaySecret: string;
  readonly signingKeys: readonly SigningKey[];
}

/** Those of this data directory; made at the first start. */
export const openSecrets = async (dataDir: string): Promise<Secrets> => {
  const { secrets: path } = filesOf(dataDir);
  const known = secretsSchema.safeParse(await readJson(path));
  if (known.success) return known.data;
  const secrets = {
    gatewaySecret: randomBytes(32).toString('base64url'),
    signingKeys: [await generateSigningKey()],
  };
  await writeJson(path, secrets);
  return secrets;
};
