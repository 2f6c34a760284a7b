import type { AccountId } from '@lyceum/contracts';
import { UserError, type Ctx } from '@lyceum/platform';
import { createUnionType } from 'type-graphql';
import { accountCase } from '../account-case';
import { AccountDeactivated } from '../accounts/login';
import { spendAttempt } from '../limits';
import { AuthPayload, authPayload } from '../sessions/auth-payload';
import { openSession, type OpenedSession } from '../sessions/session.queries';
import {
  challengeMs,
  leaveChallenge,
  parseResponse,
  PasskeyOptions,
  PasskeyRefused,
  siteOf,
  takeChallenge,
  type ClientResponse,
} from './ceremony';
import { Passkey } from './passkey.entities';

/** For anybody: the key on the device says who it is, so nothing is told about accounts. */
export const beginPasskeyLogin = async (ctx: Ctx): Promise<PasskeyOptions> => {
  await spendAttempt(ctx);
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
  const options = await generateAuthenticationOptions({
    rpID: siteOf(ctx).rpId,
    timeout: challengeMs,
    userVerification: 'required',
  });
  await leaveChallenge(ctx, { challenge: options.challenge, accountId: null });
  return Object.assign(new PasskeyOptions(), { json: JSON.stringify(options) });
};

export const LoginWithPasskeyResult = createUnionType({
  name: 'LoginWithPasskeyResult',
  types: () => [AuthPayload, PasskeyRefused, AccountDeactivated] as const,
});
export type LoginWithPasskeyOutcome = AuthPayload | PasskeyRefused | AccountDeactivated;

/**
 * A passkey is two factors by itself: the device, and the finger or PIN that it asks for. So no one-time code is
 * asked besides.
 */
export const loginWithPasskey = async (
  ctx: Ctx,
  { response: json }: { response: string },
): Promise<LoginWithPasskeyOutcome> => {
  await spendAttempt(ctx);
  const response = parseResponse(json);
  const challenge =
    response === null ? null : await takeChallenge(ctx, { response, accountId: null });
  if (response === null || challenge === null) return new PasskeyRefused();
  const passkey = await ctx.db.findOneBy(Passkey, { credentialId: response.id });
  if (passkey === null) return new PasskeyRefused();
  const counter = await verifiedCounter(ctx, { response, challenge, passkey });
  if (counter === null) return new PasskeyRefused();
  const entered = await enter(ctx, { passkey, counter });
  return entered instanceof UserError ? entered : authPayload(ctx, entered);
};

/** The number that the key's signature came with; null for a signature that is not good. */
const verifiedCounter = async (
  ctx: Ctx,
  given: { response: ClientResponse; challenge: string; passkey: Passkey },
): Promise<number | null> => {
  const { response, challenge, passkey } = given;
  const { origin, rpId } = siteOf(ctx);
  try {
    const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as never, // checked by the library, field by field
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      credential: {
        id: passkey.credentialId,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter: Number(passkey.counter),
      },
    });
    return verified ? authenticationInfo.newCounter : null;
  } catch {
    return null; // it throws for whatever is not as it should be
  }
};

const enter = accountCase(
  async (
    tx,
    { passkey, counter }: { passkey: Passkey; counter: number },
  ): Promise<OpenedSession | AccountDeactivated | PasskeyRefused> => {
    // Of two that show the same number one is a copy, unless the key does not count.
    const [, count] = await tx.db.query<[unknown[], number]>(
      'UPDATE passkey SET counter = $2, last_used_at = $3 WHERE id = $1 AND (counter < $2 OR $2 = 0)',
      [passkey.id, counter, tx.now],
    );
    if (count === 0) return new PasskeyRefused();
    const [account] = await tx.db.query<{ id: AccountId; isGone: boolean }[]>(
      'SELECT id, deactivated_at IS NOT NULL AS "isGone" FROM account WHERE id = $1',
      [passkey.accountId],
    );
    if (account === undefined) return new PasskeyRefused();
    return account.isGone ? new AccountDeactivated() : openSession(tx, account.id);
  },
);
