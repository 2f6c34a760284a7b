import type { AccountId } from '@lyceum/contracts';
import { load, type Ctx } from '@lyceum/platform';
import assert from 'node:assert';
import { Ctx as Context, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
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

  accountId!: AccountId;
}

/** Signs what a session that was just opened or continued may show. Outside of its transaction: signing is not data. */
export const authPayload = async (ctx: Ctx, session: OpenedSession): Promise<AuthPayload> => {
  const { accountId, sessionId, refreshToken } = session;
  const token = await kitOf(ctx).accessTokens.sign({ accountId, sessionId });
  return Object.assign(new AuthPayload(), { ...token, refreshToken, accountId });
};

@Resolver(() => AuthPayload)
export class AuthPayloadResolver {
  /** Read only when it is asked for: programs want the tokens alone. */
  @FieldResolver(() => Account)
  async account(@Root() { accountId }: AuthPayload, @Context() ctx: Ctx): Promise<Account> {
    const account = await load(ctx, accountsById, accountId);
    assert(account !== null, 'a session belongs to an account');
    return account;
  }
}
