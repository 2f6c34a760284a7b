import { requireUser, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  Ctx as Context,
  FieldResolver,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Consent } from './consent.type';
import { DataExport } from './data-export.type';
import {
  eraseMyAccount,
  EraseMyAccountInput,
  EraseMyAccountResult,
  hashOfReceipt,
  type EraseMyAccountOutcome,
} from './erase-account';
import { Erasure, erasureByReceiptHash } from './erasure.queries';
import { archiveOf, exportsOf } from './export.queries';
import { requestExport } from './request-export';
import { consentHistory, setConsent, SetConsentInput } from './set-consent';

@Resolver(() => DataExport)
export class PrivacyResolver {
  @Authorized()
  @Query(() => [Consent], {
    description: "The caller's decisions on purposes, the newest first; the first of each counts.",
  })
  myConsents(@Context() ctx: Ctx): Promise<readonly Consent[]> {
    return consentHistory(ctx.db, requireUser(ctx).accountId);
  }

  @Authorized()
  @Query(() => [DataExport], { description: "The caller's exports, the newest first." })
  myDataExports(@Context() ctx: Ctx): Promise<readonly DataExport[]> {
    return exportsOf(ctx.db, requireUser(ctx).accountId);
  }

  @Query(() => Erasure, {
    nullable: true,
    description: 'How far an erasure is, by the receipt that was given for it.',
  })
  erasure(
    @Context() ctx: Ctx,
    @Arg('receipt', () => String) receipt: string,
  ): Promise<Erasure | null> {
    return erasureByReceiptHash(ctx.db, hashOfReceipt(receipt));
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The archive in base64: a gzipped tar of JSON lines, with a manifest of what is in it.',
  })
  async archive(@Context() ctx: Ctx, @Root() { id }: DataExport): Promise<string | null> {
    const archive = await archiveOf(ctx.db, { id, accountId: requireUser(ctx).accountId });
    return archive?.toString('base64') ?? null;
  }

  @Authorized()
  @Mutation(() => Consent, { description: 'Gives consent to one purpose, or withdraws it.' })
  setConsent(
    @Context() ctx: Ctx,
    @Arg('input', () => SetConsentInput) input: SetConsentInput,
  ): Promise<Consent> {
    return setConsent(ctx, input);
  }

  @Authorized()
  @Mutation(() => DataExport, {
    description: 'Has everything that is held about the caller put together; it takes a moment.',
  })
  requestDataExport(@Context() ctx: Ctx): Promise<DataExport> {
    return requestExport(ctx, null);
  }

  @Authorized()
  @Mutation(() => EraseMyAccountResult, {
    description:
      'Erases the caller, everywhere and for good. Money that moved stays on the books, without a name.',
  })
  eraseMyAccount(
    @Context() ctx: Ctx,
    @Arg('input', () => EraseMyAccountInput) input: EraseMyAccountInput,
  ): Promise<EraseMyAccountOutcome> {
    return eraseMyAccount(ctx, input);
  }
}
