import type { AccountId, CommunityId } from '@lyceum/contracts';
import { Scopes, SessionOnly, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  Ctx as Context,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Account } from '../accounts/account.entity';
import { TokenScope } from './create-token';
import { PersonalToken, type PersonalTokenId } from './personal-token.entity';
import {
  createPersonalToken,
  CreatePersonalTokenInput,
  CreatePersonalTokenResult,
  personalTokensOf,
  revokePersonalToken,
  RevokePersonalTokenResult,
  type CreatePersonalTokenOutcome,
  type RevokePersonalTokenOutcome,
} from './personal-tokens';
import {
  createServiceAccount,
  CreateServiceAccountInput,
  CreateServiceAccountResult,
  createServiceToken,
  CreateServiceTokenInput,
  CreateServiceTokenResult,
  deleteServiceAccount,
  DeleteServiceAccountResult,
  serviceAccountsOf,
  type CreateServiceAccountOutcome,
  type CreateServiceTokenOutcome,
  type DeleteServiceAccountOutcome,
} from './service-accounts';

@Resolver(() => PersonalToken)
export class TokenResolver {
  @FieldResolver(() => [TokenScope], { description: 'What it may do, of what its account may.' })
  scopes(@Root() token: PersonalToken): readonly string[] {
    return token.scopes;
  }

  @SessionOnly()
  @Authorized()
  @Query(() => [PersonalToken], {
    description: 'Tokens for programs of the caller, newest first; 100 at most.',
  })
  personalTokens(@Context() ctx: Ctx): Promise<readonly PersonalToken[]> {
    return personalTokensOf(ctx);
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => CreatePersonalTokenResult, { description: 'Its person is told by mail.' })
  createPersonalToken(
    @Context() ctx: Ctx,
    @Arg('input', () => CreatePersonalTokenInput) input: CreatePersonalTokenInput,
  ): Promise<CreatePersonalTokenOutcome> {
    return createPersonalToken(ctx, input);
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => RevokePersonalTokenResult, {
    description: 'It is refused from now on. Also for tokens of service accounts by who made them.',
  })
  revokePersonalToken(
    @Context() ctx: Ctx,
    @Arg('id', () => ID) id: PersonalTokenId,
  ): Promise<RevokePersonalTokenOutcome> {
    return revokePersonalToken(ctx, { id });
  }

  @Scopes('admin')
  @Authorized()
  @Query(() => [Account], {
    description: 'For who may add members; empty for others. 100 at most.',
  })
  serviceAccounts(
    @Context() ctx: Ctx,
    @Arg('communityId', () => ID) communityId: CommunityId,
  ): Promise<readonly Account[]> {
    return serviceAccountsOf(ctx, communityId);
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => CreateServiceAccountResult, {
    description: 'An account for a program that only reads, as an analyst of the community.',
  })
  createServiceAccount(
    @Context() ctx: Ctx,
    @Arg('input', () => CreateServiceAccountInput) input: CreateServiceAccountInput,
  ): Promise<CreateServiceAccountOutcome> {
    return createServiceAccount(ctx, input);
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => CreateServiceTokenResult)
  createServiceToken(
    @Context() ctx: Ctx,
    @Arg('input', () => CreateServiceTokenInput) input: CreateServiceTokenInput,
  ): Promise<CreateServiceTokenOutcome> {
    return createServiceToken(ctx, input);
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => DeleteServiceAccountResult, {
    description: 'Ends it for good, and all its tokens.',
  })
  deleteServiceAccount(
    @Context() ctx: Ctx,
    @Arg('serviceAccountId', () => ID) serviceAccountId: AccountId,
  ): Promise<DeleteServiceAccountOutcome> {
    return deleteServiceAccount(ctx, { serviceAccountId });
  }
}
