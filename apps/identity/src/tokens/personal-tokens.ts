import { isId } from '@lyceum/contracts';
import { requireUser, UserError, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, InputType, Int, ObjectType } from 'type-graphql';
import { accountCase } from '../account-case';
import { spend } from '../limits';
import { createToken, NewPersonalToken, TokenScope, TooManyTokens } from './create-token';
import { PersonalToken, type PersonalTokenId } from './personal-token.entity';

@InputType({ description: 'A token for a program of the caller.' })
export class CreatePersonalTokenInput {
  @Field(() => String, { description: 'What it is for; at most 80 characters.' }) name!: string;
  @Field(() => [TokenScope]) scopes!: readonly TokenScope[];
  @Field(() => Int, { description: '1 to 366.' }) expiresInDays!: number;
}

export const CreatePersonalTokenResult = createUnionType({
  name: 'CreatePersonalTokenResult',
  types: () => [NewPersonalToken, TooManyTokens] as const,
});
export type CreatePersonalTokenOutcome = NewPersonalToken | TooManyTokens;

export const createPersonalToken = async (
  ctx: Ctx,
  input: CreatePersonalTokenInput,
): Promise<CreatePersonalTokenOutcome> => {
  await spend(ctx, 'token', requireUser(ctx).accountId);
  return create(ctx, input);
};

const create = accountCase(
  async (tx, input: CreatePersonalTokenInput): Promise<CreatePersonalTokenOutcome> => {
    const { accountId } = requireUser(tx);
    const made = await createToken(tx, { accountId, createdBy: accountId }, input);
    if (made instanceof TooManyTokens) return made;
    const details = { change: 'token-created' };
    await tx.sendMail({ accountId, template: 'security-changed', details });
    return made;
  },
);

@ObjectType({ implements: UserError, description: 'There is none, or it is not the caller’s.' })
export class TokenNotFound extends UserError {
  readonly code = 'TOKEN_NOT_FOUND' as const;
  readonly message = 'You have no such token.';
}

export const RevokePersonalTokenResult = createUnionType({
  name: 'RevokePersonalTokenResult',
  types: () => [PersonalToken, TokenNotFound] as const,
});
export type RevokePersonalTokenOutcome = PersonalToken | TokenNotFound;

/** Of the caller, or of a service account that the caller made it for. */
export const revokePersonalToken = accountCase(
  async (tx, { id }: { id: PersonalTokenId }): Promise<RevokePersonalTokenOutcome> => {
    const { accountId } = requireUser(tx);
    const token = isId(id) ? await tx.db.findOneBy(PersonalToken, { id }) : null;
    if (token === null || (token.accountId !== accountId && token.createdBy !== accountId))
      return new TokenNotFound();
    const ended = await tx.endTokens(token.accountId, id);
    if (ended > 0) await tx.audit('token.revoked', token.accountId);
    return tx.db.findOneByOrFail(PersonalToken, { id });
  },
);

/** Those of the caller that can be used, and those that ended lately; the newest first, 100 at most. */
export const personalTokensOf = async (ctx: Ctx): Promise<readonly PersonalToken[]> => {
  const { accountId } = requireUser(ctx);
  return ctx.db.find(PersonalToken, {
    where: { accountId },
    order: { createdAt: 'DESC', id: 'DESC' },
    take: 100,
  });
};
