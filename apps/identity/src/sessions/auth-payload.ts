import { load, type Ctx } from '@lyceum/platform';
import assert from 'node:assert';
import { Field, ObjectType } from 'type-graphql';
import { Account } from '../accounts/account.entity';
import { accountsById } from '../accounts/account.queries';
import { kitOf } from '../kit';
import type { OpenedSession } from './session.queries';

@ObjectType({ description: 'Proof of being logged in. Keep both tokens secret.' })
export class AuthPayload {
  @Field(() => String, {
    description: 'For the header `Authorization: Bearer …`; lives 10 minutes.',
  })
  accessToken!: string;

  @Field(() => String, { description: 'For one call of `refreshSession`, which gives the next.' })
  refreshToken!: string;

  @Field(() => Date, { description: 'When the access token ends.' })
  expiresAt!: Date;

  @Field(() => Account) account!: Account;
}

/** Signs what a session that was just opened or continued may show. Outside of its transaction: signing is not data. */
export const authPayload = async (ctx: Ctx, session: OpenedSession): Promise<AuthPayload> => {
  const { accountId, sessionId, refreshToken } = session;
  const token = await kitOf(ctx).accessTokens.sign({ accountId, sessionId });
  const account = await load(ctx, accountsById, accountId);
  assert(account !== null, 'a session belongs to an account');
  return Object.assign(new AuthPayload(), { ...token, refreshToken, account });
};
