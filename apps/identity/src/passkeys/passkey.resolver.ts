import { SessionOnly, type Ctx } from '@lyceum/platform';
import { Arg, Authorized, Ctx as Context, Mutation, Query, Resolver } from 'type-graphql';
import { PasskeyOptions } from './ceremony';
import {
  beginPasskeyLogin,
  loginWithPasskey,
  LoginWithPasskeyResult,
  type LoginWithPasskeyOutcome,
} from './login-with-passkey';
import {
  addPasskey,
  AddPasskeyInput,
  AddPasskeyResult,
  beginPasskey,
  BeginPasskeyResult,
  passkeysOf,
  removePasskey,
  RemovePasskeyInput,
  RemovePasskeyResult,
  type AddPasskeyOutcome,
  type BeginPasskeyOutcome,
  type RemovePasskeyOutcome,
} from './manage-passkeys';
import { Passkey } from './passkey.entities';

@Resolver()
export class PasskeyResolver {
  @SessionOnly()
  @Authorized()
  @Query(() => [Passkey], { description: 'Of the caller, the oldest first.' })
  passkeys(@Context() ctx: Ctx): Promise<readonly Passkey[]> {
    return passkeysOf(ctx);
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => BeginPasskeyResult, {
    description:
      'Options to make a passkey with; `addPasskey` takes the answer, within five minutes.',
  })
  beginPasskey(
    @Context() ctx: Ctx,
    @Arg('password', () => String) password: string,
  ): Promise<BeginPasskeyOutcome> {
    return beginPasskey(ctx, { password });
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => AddPasskeyResult, { description: 'Its person is told by mail.' })
  addPasskey(
    @Context() ctx: Ctx,
    @Arg('input', () => AddPasskeyInput) input: AddPasskeyInput,
  ): Promise<AddPasskeyOutcome> {
    return addPasskey(ctx, input);
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => RemovePasskeyResult)
  removePasskey(
    @Context() ctx: Ctx,
    @Arg('input', () => RemovePasskeyInput) input: RemovePasskeyInput,
  ): Promise<RemovePasskeyOutcome> {
    return removePasskey(ctx, input);
  }

  @Mutation(() => PasskeyOptions, {
    description:
      'Options to log in with; `loginWithPasskey` takes the answer, within five minutes.',
  })
  beginPasskeyLogin(@Context() ctx: Ctx): Promise<PasskeyOptions> {
    return beginPasskeyLogin(ctx);
  }

  @Mutation(() => LoginWithPasskeyResult)
  loginWithPasskey(
    @Context() ctx: Ctx,
    @Arg('response', () => String) response: string,
  ): Promise<LoginWithPasskeyOutcome> {
    return loginWithPasskey(ctx, { response });
  }
}
