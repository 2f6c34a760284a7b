import { SessionOnly, type Ctx } from '@lyceum/platform';
import { Arg, Args, Authorized, Ctx as Context, ID, Mutation, Query, Resolver } from 'type-graphql';
import {
  LoginSession,
  revokeSession,
  RevokeSessionResult,
  sessionsOf,
  type RevokeSessionOutcome,
} from './login-session';
import { logout, LogoutArgs } from './logout';
import {
  refreshSession,
  RefreshSessionInput,
  RefreshSessionResult,
  type RefreshSessionOutcome,
} from './refresh-session';
import type { SessionId } from './session.entity';

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

  @SessionOnly()
  @Authorized()
  @Query(() => [LoginSession], {
    description:
      'Where the caller is logged in, and what was ended in the last month; the latest first.',
  })
  sessions(@Context() ctx: Ctx): Promise<readonly LoginSession[]> {
    return sessionsOf(ctx);
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => RevokeSessionResult, {
    description: 'Logs a device out: it is refused from now on, and its subscriptions end.',
  })
  revokeSession(
    @Context() ctx: Ctx,
    @Arg('id', () => ID) id: SessionId,
  ): Promise<RevokeSessionOutcome> {
    return revokeSession(ctx, { id });
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => Boolean, { description: 'Ends the session; always true.' })
  logout(@Context() ctx: Ctx, @Args(() => LogoutArgs) args: LogoutArgs): Promise<boolean> {
    return logout(ctx, args);
  }
}
