import { SessionOnly, Scopes, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  Ctx as Context,
  FieldResolver,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { Account } from './account.entity';
import {
  changeEmail,
  ChangeEmailInput,
  ChangeEmailResult,
  confirmEmailChange,
  ConfirmEmailChangeResult,
  type ChangeEmailOutcome,
  type ConfirmEmailChangeOutcome,
} from './change-email';
import {
  changePassword,
  ChangePasswordInput,
  ChangePasswordResult,
  type ChangePasswordOutcome,
} from './change-password';
import {
  claimAccount,
  ClaimAccountInput,
  ClaimAccountResult,
  inviteToClaim,
  InviteToClaimInput,
  InviteToClaimResult,
  type ClaimAccountOutcome,
  type InviteToClaimOutcome,
} from './claim-account';
import {
  deactivateAccount,
  DeactivateAccountResult,
  reactivateAccount,
  ReactivateAccountResult,
  type DeactivateAccountOutcome,
  type ReactivateAccountOutcome,
} from './deactivate-account';
import { LoginInput } from './login';
import {
  setPassword,
  SetPasswordInput,
  SetPasswordResult,
  type SetPasswordOutcome,
} from './set-password';
import {
  requestPasswordReset,
  resetPassword,
  ResetPasswordInput,
  ResetPasswordResult,
  type ResetPasswordOutcome,
} from './reset-password';
import {
  sendVerificationEmail,
  verifyEmail,
  VerifyEmailResult,
  type VerifyEmailOutcome,
} from './verify-email';

/** Addresses, passwords, and coming and going: what protects an account rather than what it shows. */
@Resolver(() => Account)
export class AccountSecurityResolver {
  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      'Whether a link sent to the address was followed; seen by the account itself alone.',
  })
  isEmailVerified(@Context() ctx: Ctx, @Root() account: Account): boolean | null {
    const isOwn = ctx.actor.kind === 'user' && ctx.actor.accountId === account.id;
    return isOwn ? account.emailVerifiedAt !== null : null;
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether its person has gone, for now or for good.',
  })
  isDeactivated(@Root() account: Account): boolean {
    return account.deactivatedAt !== null;
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => Boolean, {
    description: 'Mails a new link to verify the address; false when it is verified already.',
  })
  sendVerificationEmail(@Context() ctx: Ctx): Promise<boolean> {
    return sendVerificationEmail(ctx);
  }

  @Mutation(() => VerifyEmailResult, {
    description: 'With what the mail carries after its `#verify-email=`.',
  })
  verifyEmail(
    @Context() ctx: Ctx,
    @Arg('token', () => String) token: string,
  ): Promise<VerifyEmailOutcome> {
    return verifyEmail(ctx, { token });
  }

  @Mutation(() => Boolean, {
    description:
      'Mails a link to choose a new password, if the address has an account. Always true.',
  })
  requestPasswordReset(
    @Context() ctx: Ctx,
    @Arg('email', () => String) email: string,
  ): Promise<boolean> {
    return requestPasswordReset(ctx, { email });
  }

  @Mutation(() => ResetPasswordResult, {
    description: 'Sets a new password, and logs out everywhere.',
  })
  resetPassword(
    @Context() ctx: Ctx,
    @Arg('input', () => ResetPasswordInput) input: ResetPasswordInput,
  ): Promise<ResetPasswordOutcome> {
    return resetPassword(ctx, input);
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => ChangePasswordResult, {
    description: 'Sets a new password, and logs out all other devices.',
  })
  changePassword(
    @Context() ctx: Ctx,
    @Arg('input', () => ChangePasswordInput) input: ChangePasswordInput,
  ): Promise<ChangePasswordOutcome> {
    return changePassword(ctx, input);
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => SetPasswordResult, {
    description:
      'The first password of an account without one, within ten minutes of a log-in; other devices are logged out.',
  })
  setPassword(
    @Context() ctx: Ctx,
    @Arg('input', () => SetPasswordInput) input: SetPasswordInput,
  ): Promise<SetPasswordOutcome> {
    return setPassword(ctx, input);
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => ChangeEmailResult, {
    description: 'Mails both addresses; the account has the new one when both have confirmed it.',
  })
  changeEmail(
    @Context() ctx: Ctx,
    @Arg('input', () => ChangeEmailInput) input: ChangeEmailInput,
  ): Promise<ChangeEmailOutcome> {
    return changeEmail(ctx, input);
  }

  @Mutation(() => ConfirmEmailChangeResult, {
    description: 'With what either mail carries after its `#leave-email=` or `#enter-email=`.',
  })
  confirmEmailChange(
    @Context() ctx: Ctx,
    @Arg('token', () => String) token: string,
  ): Promise<ConfirmEmailChangeOutcome> {
    return confirmEmailChange(ctx, { token });
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => InviteToClaimResult, {
    description:
      'For owners and administrators of all communities that the account is a member of.',
  })
  inviteToClaim(
    @Context() ctx: Ctx,
    @Arg('input', () => InviteToClaimInput) input: InviteToClaimInput,
  ): Promise<InviteToClaimOutcome> {
    return inviteToClaim(ctx, input);
  }

  @Mutation(() => ClaimAccountResult, {
    description: 'Takes over an imported account, and logs in.',
  })
  claimAccount(
    @Context() ctx: Ctx,
    @Arg('input', () => ClaimAccountInput) input: ClaimAccountInput,
  ): Promise<ClaimAccountOutcome> {
    return claimAccount(ctx, input);
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => DeactivateAccountResult, {
    description: 'Logs out everywhere, and lets nobody in until `reactivateAccount`.',
  })
  deactivateAccount(
    @Context() ctx: Ctx,
    @Arg('password', () => String) password: string,
  ): Promise<DeactivateAccountOutcome> {
    return deactivateAccount(ctx, { password });
  }

  @Mutation(() => ReactivateAccountResult, {
    description: 'Logs in to a deactivated account, and brings it back.',
  })
  reactivateAccount(
    @Context() ctx: Ctx,
    @Arg('input', () => LoginInput) input: LoginInput,
  ): Promise<ReactivateAccountOutcome> {
    return reactivateAccount(ctx, input);
  }
}
