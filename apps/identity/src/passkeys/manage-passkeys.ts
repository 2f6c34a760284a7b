import { isId, newId, type AccountId } from '@lyceum/contracts';
import { requireUser, sqlState, UserError, type Ctx } from '@lyceum/platform';
import type { VerifiedRegistrationResponse } from '@simplewebauthn/server';
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { accountCase } from '../account-case';
import { Account } from '../accounts/account.entity';
import { isOwnPassword, WrongPassword } from '../accounts/passwords';
import { parseLine } from '../text';
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
import { Passkey, type PasskeyId } from './passkey.entities';

export const BeginPasskeyResult = createUnionType({
  name: 'BeginPasskeyResult',
  types: () => [PasskeyOptions, WrongPassword] as const,
});
export type BeginPasskeyOutcome = PasskeyOptions | WrongPassword;

export const beginPasskey = async (
  ctx: Ctx,
  { password }: { password: string },
): Promise<BeginPasskeyOutcome> => {
  const { accountId } = requireUser(ctx);
  if (!(await isOwnPassword(ctx, accountId, password))) return new WrongPassword();
  const { handle, displayName } = await ctx.db.findOneByOrFail(Account, { id: accountId });
  const known = await ctx.db.findBy(Passkey, { accountId });
  // Loaded with the first passkey: its certificates and encodings are a tenth of the start.
  const { generateRegistrationOptions } = await import('@simplewebauthn/server');
  const options = await generateRegistrationOptions({
    rpName: 'Lyceum',
    rpID: siteOf(ctx).rpId,
    userID: new TextEncoder().encode(accountId),
    userName: handle,
    userDisplayName: displayName,
    timeout: challengeMs,
    attestationType: 'none',
    excludeCredentials: known.map(({ credentialId }) => ({ id: credentialId })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  await leaveChallenge(ctx, { challenge: options.challenge, accountId });
  return Object.assign(new PasskeyOptions(), { json: JSON.stringify(options) });
};

@InputType()
export class AddPasskeyInput {
  @Field(() => String, { description: 'What to call it; at most 80 characters.' }) name!: string;
  @Field(() => String, { description: 'JSON of what the browser answered.' }) response!: string;
}

export const AddPasskeyResult = createUnionType({
  name: 'AddPasskeyResult',
  types: () => [Passkey, PasskeyRefused] as const,
});
export type AddPasskeyOutcome = Passkey | PasskeyRefused;

export const addPasskey = async (ctx: Ctx, input: AddPasskeyInput): Promise<AddPasskeyOutcome> => {
  const { accountId } = requireUser(ctx);
  const name = parseLine('name', input.name, { max: 80 });
  const response = parseResponse(input.response);
  const challenge = response === null ? null : await takeChallenge(ctx, { response, accountId });
  if (response === null || challenge === null) return new PasskeyRefused();
  const verified = await verify(ctx, response, challenge);
  if (verified?.registrationInfo === undefined) return new PasskeyRefused();
  const { credential } = verified.registrationInfo;
  try {
    return await keep(ctx, {
      name,
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: String(credential.counter),
      transports: credential.transports ?? [],
    });
  } catch (error) {
    if (sqlState(error) === '23505') return new PasskeyRefused(); // somebody has it
    throw error;
  }
};

const verify = async (
  ctx: Ctx,
  response: ClientResponse,
  challenge: string,
): Promise<VerifiedRegistrationResponse | null> => {
  const { origin, rpId } = siteOf(ctx);
  try {
    const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
    const verified = await verifyRegistrationResponse({
      response: response as never, // checked by the library, field by field
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
    });
    return verified.verified ? verified : null;
  } catch {
    return null; // it throws for whatever is not as it should be
  }
};

type NewPasskey = Pick<Passkey, 'name' | 'credentialId' | 'publicKey' | 'counter' | 'transports'>;

const keep = accountCase(async (tx, passkey: NewPasskey): Promise<Passkey> => {
  const { accountId } = requireUser(tx);
  const made = { ...passkey, id: newId<'Passkey'>(), accountId, createdAt: tx.now };
  await tx.db.insert(Passkey, made);
  await tx.audit('account.second-factor-changed', accountId);
  const details = { change: 'passkey-added' };
  await tx.sendMail({ accountId, template: 'security-changed', details });
  return tx.db.findOneByOrFail(Passkey, { id: made.id });
});

export const passkeysOf = (ctx: Ctx): Promise<readonly Passkey[]> =>
  ctx.db.find(Passkey, {
    where: { accountId: requireUser(ctx).accountId },
    order: { createdAt: 'ASC', id: 'ASC' },
    take: 100,
  });

@InputType()
export class RemovePasskeyInput {
  @Field(() => ID) id!: PasskeyId;
  @Field(() => String) password!: string;
}

@ObjectType({ implements: UserError, description: 'There is none, or it is not the caller’s.' })
export class PasskeyNotFound extends UserError {
  readonly code = 'PASSKEY_NOT_FOUND' as const;
  readonly message = 'You have no such passkey.';
}

export const RemovePasskeyResult = createUnionType({
  name: 'RemovePasskeyResult',
  types: () => [Passkey, PasskeyNotFound, WrongPassword] as const,
});
export type RemovePasskeyOutcome = Passkey | PasskeyNotFound | WrongPassword;

export const removePasskey = async (
  ctx: Ctx,
  { id, password }: RemovePasskeyInput,
): Promise<RemovePasskeyOutcome> => {
  const { accountId } = requireUser(ctx);
  if (!(await isOwnPassword(ctx, accountId, password))) return new WrongPassword();
  return isId(id) ? remove(ctx, { id, accountId }) : new PasskeyNotFound();
};

const remove = accountCase(
  async (
    tx,
    { id, accountId }: { id: PasskeyId; accountId: AccountId },
  ): Promise<Passkey | PasskeyNotFound> => {
    const passkey = await tx.db.findOneBy(Passkey, { id, accountId });
    if (passkey === null) return new PasskeyNotFound();
    await tx.db.delete(Passkey, { id });
    await tx.audit('account.second-factor-changed', accountId);
    const details = { change: 'passkey-removed' };
    await tx.sendMail({ accountId, template: 'security-changed', details });
    return passkey;
  },
);
