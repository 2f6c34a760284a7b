import type { AccountId } from '@lyceum/contracts';
import { useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { Field, ObjectType } from 'type-graphql';
import { z } from 'zod';
import { kitOf } from '../kit';

@ObjectType({ description: 'What the browser needs to ask for a passkey.' })
export class PasskeyOptions {
  @Field(() => String, {
    description: 'JSON, for `PublicKeyCredential.parse…OptionsFromJSON` or SimpleWebAuthn.',
  })
  json!: string;
}

@ObjectType({
  implements: UserError,
  description: 'Not one of ours, not for this site, of an old challenge, or without its person.',
})
export class PasskeyRefused extends UserError {
  readonly code = 'PASSKEY_REFUSED' as const;
  readonly message = 'This passkey cannot be used; try again.';
}

export const challengeMs = 5 * 60_000;

/** The site that passkeys belong to: that of the front end which mails link to. */
export const siteOf = (ctx: Pick<Ctx, 'deps'>): { origin: string; rpId: string } => {
  const { origin, hostname } = new URL(kitOf(ctx).mail.accountUrl);
  return { origin, rpId: hostname };
};

export const leaveChallenge = useCase(
  async (
    tx: Tx,
    { challenge, accountId }: { challenge: string; accountId: AccountId | null },
  ): Promise<void> => {
    await tx.db.query(
      'INSERT INTO passkey_challenge (challenge, account_id, expires_at) VALUES ($1, $2, $3)',
      [challenge, accountId, new Date(tx.now.getTime() + challengeMs)],
    );
  },
);

/** Uses the challenge up that this response answers, whatever becomes of the response. Null when there is none. */
export const takeChallenge = useCase(
  async (
    tx: Tx,
    { response, accountId }: { response: ClientResponse; accountId: AccountId | null },
  ): Promise<string | null> => {
    const [[taken]] = await tx.db.query<[{ challenge: string }[], number]>(
      `DELETE FROM passkey_challenge
       WHERE challenge = $1 AND account_id IS NOT DISTINCT FROM $2 AND expires_at > $3 RETURNING challenge`,
      [challengeIn(response), accountId, tx.now],
    );
    return taken?.challenge ?? null;
  },
);

const text = z.string().max(20_000);

/** What a browser sends, as far as it matters here; the library checks the rest. */
const clientResponse = z.looseObject({
  id: text.min(1),
  rawId: text,
  type: z.literal('public-key'),
  response: z.looseObject({ clientDataJSON: text }),
  clientExtensionResults: z.record(z.string(), z.unknown()).default({}),
});
export type ClientResponse = z.infer<typeof clientResponse>;

export const parseResponse = (json: string): ClientResponse | null => {
  try {
    return json.length > 50_000 ? null : clientResponse.parse(JSON.parse(json));
  } catch {
    return null;
  }
};

const challengeIn = ({ response }: ClientResponse): string => {
  try {
    const clientData: unknown = JSON.parse(
      Buffer.from(response.clientDataJSON, 'base64url').toString(),
    );
    return z.object({ challenge: z.string() }).parse(clientData).challenge;
  } catch {
    return '';
  }
};
