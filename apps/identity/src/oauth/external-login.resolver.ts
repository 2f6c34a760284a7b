import { SessionOnly, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  Ctx as Context,
  Field,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { kitOf } from '../kit';
import {
  beginExternalLogin,
  completeExternalLogin,
  CompleteExternalLoginInput,
  CompleteExternalLoginResult,
  ExternalLoginStart,
  type CompleteExternalLoginOutcome,
} from './external-login';

@ObjectType({ description: 'Another site that one can log in by.' })
export class LoginProviderInfo {
  @Field(() => String) id!: string;
  @Field(() => String) name!: string;
}

@Resolver()
export class ExternalLoginResolver {
  @Query(() => [LoginProviderInfo], { description: 'The sites that one can log in by.' })
  loginProviders(@Context() ctx: Ctx): readonly LoginProviderInfo[] {
    return kitOf(ctx).loginProviders.map(({ id, name }) => ({ id, name }));
  }

  @Mutation(() => ExternalLoginStart, {
    description: 'Where to send the browser; the other site sends it back to `ACCOUNT_URL`.',
  })
  beginExternalLogin(
    @Context() ctx: Ctx,
    @Arg('provider', () => String) providerId: string,
  ): Promise<ExternalLoginStart> {
    return beginExternalLogin(ctx, { providerId, links: 'nobody' });
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => ExternalLoginStart, {
    description: 'As `beginExternalLogin`, to add that log-in to the account of the caller.',
  })
  beginExternalLink(
    @Context() ctx: Ctx,
    @Arg('provider', () => String) providerId: string,
  ): Promise<ExternalLoginStart> {
    return beginExternalLogin(ctx, { providerId, links: 'caller' });
  }

  @Mutation(() => CompleteExternalLoginResult, {
    description:
      'Logs in, makes an account for who has none, or adds the log-in to the account that began.',
  })
  completeExternalLogin(
    @Context() ctx: Ctx,
    @Arg('input', () => CompleteExternalLoginInput) input: CompleteExternalLoginInput,
  ): Promise<CompleteExternalLoginOutcome> {
    return completeExternalLogin(ctx, input);
  }
}
