import { unauthenticated, requireUser, useCase } from '@lyceum/platform';
import { Field, InputType } from 'type-graphql';
import { parseLine, parseLinks, parseLocale, parsePlainText, parseTimeZone } from '../text';
import { Account } from './account.entity';

@InputType({ description: 'What is left out, or null, stays as it is.' })
export class UpdateProfileInput {
  @Field(() => String, { nullable: true, description: 'At most 80 characters.' })
  displayName?: string | null;
  @Field(() => String, { nullable: true, description: 'Markdown, at most 4000 characters.' })
  bio?: string | null;
  @Field(() => [String], { nullable: true, description: 'At most 10 http or https addresses.' })
  links?: readonly string[] | null;
  @Field(() => String, { nullable: true, description: 'BCP 47 language tag.' })
  locale?: string | null;
  @Field(() => String, { nullable: true, description: 'IANA name.' })
  timeZone?: string | null;
}

/** Nothing can be refused that BAD_INPUT doesn't say, so the result is the account itself. */
export const updateProfile = useCase(async (tx, input: UpdateProfileInput): Promise<Account> => {
  const { accountId } = requireUser(tx);
  const account = await tx.db.findOne(Account, {
    where: { id: accountId },
    lock: { mode: 'pessimistic_write' },
  });
  if (account === null) throw unauthenticated('The account of this token is gone.');

  Object.assign(account, changesOf(input));
  return tx.db.save(account);
});

const changesOf = ({
  displayName,
  bio,
  links,
  locale,
  timeZone,
}: UpdateProfileInput): Partial<Account> => ({
  ...(displayName == null
    ? {}
    : { displayName: parseLine('displayName', displayName, { max: 80 }) }),
  ...(bio == null ? {} : { bio: parsePlainText('bio', bio, { max: 4_000 }) }),
  ...(links == null ? {} : { links: parseLinks('links', links) }),
  ...(locale == null ? {} : { locale: parseLocale('locale', locale) }),
  ...(timeZone == null ? {} : { timeZone: parseTimeZone('timeZone', timeZone) }),
});
