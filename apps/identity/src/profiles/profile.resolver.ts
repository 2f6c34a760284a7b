import type { Ctx } from '@lyceum/platform';
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
import { authorJsonLd } from './author-page';
import { renderBio } from './bio-html';
import {
  changeHandle,
  ChangeHandleInput,
  ChangeHandleResult,
  type ChangeHandleOutcome,
} from './change-handle';
import { setAvatar, SetAvatarInput } from './set-avatar';

@Resolver(() => Account)
export class ProfileResolver {
  @FieldResolver(() => String, { description: 'The bio as HTML that is safe to show.' })
  bioHtml(@Root() { bio }: Account): string {
    return renderBio(bio);
  }

  @FieldResolver(() => String, {
    description: 'The author as JSON-LD (schema.org/ProfilePage), for the head of a public page.',
  })
  jsonLd(@Root() account: Account): string {
    return authorJsonLd(account);
  }

  @Authorized()
  @Mutation(() => ChangeHandleResult, {
    description: 'Once a week. The old handle leads to the account from then on.',
  })
  changeHandle(
    @Context() ctx: Ctx,
    @Arg('input', () => ChangeHandleInput) input: ChangeHandleInput,
  ): Promise<ChangeHandleOutcome> {
    return changeHandle(ctx, input);
  }

  @Authorized()
  @Mutation(() => Account, { description: 'Takes the place of the picture there was.' })
  setAvatar(
    @Context() ctx: Ctx,
    @Arg('input', () => SetAvatarInput) input: SetAvatarInput,
  ): Promise<Account> {
    return setAvatar(ctx, input);
  }
}
