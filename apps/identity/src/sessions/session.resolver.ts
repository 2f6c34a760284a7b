import type { Ctx } from '@lyceum/platform';
import { Arg, Args, Authorized, Ctx as Context, Mutation, Resolver } from 'type-graphql';
import { logout, LogoutArgs } from './logout';
import {
  refreshSession,
  RefreshSessionInput,
  RefreshSessionResult,
  type RefreshSessionOutcome,
} from './refresh-session';

@Resolver()
export class SessionResolver {
  @Mutation(() => RefreshSessionResult, {
    description:
      'The next access token and refresh token, for a refresh token that was not used yet.',
  })
  refreshSession(
    @Context() ctx: Ctx,
    @Arg('input', () => RefreshSessionInput) input: RefreshSessionInput,
  ): Promise<RefreshSessionOutcome> {
    return refreshSession(ctx, input);
  }

  @Authorized()
  @Mutation(() => Boolean, { description: 'Ends the session; always true.' })
  logout(@Context() ctx: Ctx, @Args(() => LogoutArgs) args: LogoutArgs): Promise<boolean> {
    return logout(ctx, args);
  }
}
