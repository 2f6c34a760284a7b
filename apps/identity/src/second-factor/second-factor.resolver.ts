import { SessionOnly, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  Ctx as Context,
  FieldResolver,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { Account } from '../accounts/account.entity';
import {
  completeLogin,
  CompleteLoginInput,
  CompleteLoginResult,
  type CompleteLoginOutcome,
} from './enter';
import {
  confirmTotp,
  ConfirmTotpResult,
  hasTotp,
  removeSecondFactor,
  RemoveSecondFactorResult,
  renewRecoveryCodes,
  RenewRecoveryCodesResult,
  SecondFactorInput,
  setUpTotp,
  SetUpTotpResult,
  type ConfirmTotpOutcome,
  type RemoveSecondFactorOutcome,
  type RenewRecoveryCodesOutcome,
  type SetUpTotpOutcome,
} from './set-up-totp';

@Resolver(() => Account)
export class SecondFactorResolver {
  @FieldResolver(() => Boolean, {
    nullable: true,
    description: 'Whether logging in takes a one-time code; seen by the account itself alone.',
  })
  hasSecondFactor(@Context() ctx: Ctx, @Root() account: Account): Promise<boolean> | null {
    const isOwn = ctx.actor.kind === 'user' && ctx.actor.accountId === account.id;
    return isOwn ? hasTotp(ctx.db, account.id) : null;
  }

  @Mutation(() => CompleteLoginResult, {
    description: 'After `login` has answered with `SecondFactorRequired`.',
  })
  completeLogin(
    @Context() ctx: Ctx,
    @Arg('input', () => CompleteLoginInput) input: CompleteLoginInput,
  ): Promise<CompleteLoginOutcome> {
    return completeLogin(ctx, input);
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => SetUpTotpResult, {
    description: 'A secret for an app that shows one-time codes; `confirmTotp` puts it in force.',
  })
  setUpTotp(
    @Context() ctx: Ctx,
    @Arg('password', () => String) password: string,
  ): Promise<SetUpTotpOutcome> {
    return setUpTotp(ctx, { password });
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => ConfirmTotpResult, {
    description: 'With the first code that the app shows. Logs out all other devices.',
  })
  confirmTotp(
    @Context() ctx: Ctx,
    @Arg('code', () => String) code: string,
  ): Promise<ConfirmTotpOutcome> {
    return confirmTotp(ctx, { code });
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => RemoveSecondFactorResult)
  removeSecondFactor(
    @Context() ctx: Ctx,
    @Arg('input', () => SecondFactorInput) input: SecondFactorInput,
  ): Promise<RemoveSecondFactorOutcome> {
    return removeSecondFactor(ctx, input);
  }

  @SessionOnly()
  @Authorized()
  @Mutation(() => RenewRecoveryCodesResult, {
    description: 'Ten new recovery codes; the old ones work no more.',
  })
  renewRecoveryCodes(
    @Context() ctx: Ctx,
    @Arg('input', () => SecondFactorInput) input: SecondFactorInput,
  ): Promise<RenewRecoveryCodesOutcome> {
    return renewRecoveryCodes(ctx, input);
  }
}
