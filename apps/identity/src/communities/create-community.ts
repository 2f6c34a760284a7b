import { CommunityCreated, newId } from '@lyceum/contracts';
import { requireUser, useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, InputType, registerEnumType } from 'type-graphql';
import { requireAccount } from '../accounts/account.queries';
import { spend } from '../limits';
import { Role } from '../memberships/member.entity';
import { admit } from '../memberships/member.writes';
import {
  parseCurrency,
  parseLine,
  parseLocale,
  parsePlainText,
  parseSlug,
  parseTimeZone,
} from '../text';
import { Community, CommunityVisibility, toldVisibility } from './community.entity';
import { SlugTaken } from './community.errors';
import { foundedCommunity } from './community.queries';

/** The names that reputation knows its presets by. */
export enum RulePreset {
  BALANCED = 'balanced',
  STACK_EXCHANGE = 'stack-exchange',
  ONE_LIKE_ONE_POINT = 'one-like-one-point',
}
registerEnumType(RulePreset, {
  name: 'RulePreset',
  description: 'The incentive rules that a community starts with.',
  valuesConfig: {
    BALANCED: { description: 'Taking part earns a little, being appreciated more.' },
    STACK_EXCHANGE: { description: 'As on Stack Exchange sites.' },
    ONE_LIKE_ONE_POINT: { description: 'An upvote received is a point.' },
  },
});

@InputType({ description: 'A new community.' })
export class CreateCommunityInput {
  @Field(() => String, { description: '2 to 50 characters out of a-z, 0-9 and "-".' })
  slug!: string;
  @Field(() => String, { description: 'At most 200 characters.' }) name!: string;
  @Field(() => String, { defaultValue: '', description: 'Plain text, at most 2000 characters.' })
  description!: string;
  @Field(() => String, { defaultValue: 'UTC', description: 'IANA name.' })
  timeZone!: string;
  @Field(() => String, { defaultValue: 'USD' }) currency!: string;
  @Field(() => String, { defaultValue: 'en' }) locale!: string;
  @Field(() => CommunityVisibility, { defaultValue: CommunityVisibility.PUBLIC })
  visibility!: CommunityVisibility;
  @Field(() => RulePreset, { defaultValue: RulePreset.BALANCED }) rulePreset!: RulePreset;
}

export const CreateCommunityResult = createUnionType({
  name: 'CreateCommunityResult',
  types: () => [Community, SlugTaken] as const,
});
export type CreateCommunityOutcome = Community | SlugTaken;

export const communityLengths = { name: 200, description: 2000 };

export const createCommunity = async (
  ctx: Ctx,
  input: CreateCommunityInput,
): Promise<CreateCommunityOutcome> => {
  const parsed: CreateCommunityInput = {
    visibility: input.visibility,
    rulePreset: input.rulePreset,
    slug: parseSlug('slug', input.slug),
    name: parseLine('name', input.name, { max: communityLengths.name }),
    description: parsePlainText('description', input.description, {
      max: communityLengths.description,
    }),
    timeZone: parseTimeZone('timeZone', input.timeZone),
    currency: parseCurrency('currency', input.currency),
    locale: parseLocale('locale', input.locale),
  };
  await spend(ctx, 'createCommunity', requireUser(ctx).accountId);
  return found(ctx, parsed);
};

/** Its creator is its first member and owner, from the first moment on. */
const found = useCase(async (tx, input: CreateCommunityInput): Promise<CreateCommunityOutcome> => {
  const accountId = await requireAccount(tx);
  const communityId = newId<'Community'>();
  const inserted = await tx.db.query<unknown[]>(
    `INSERT INTO community (id, slug, name, description, time_zone, currency, locale, visibility, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (slug) DO NOTHING RETURNING id`,
    [
      communityId,
      input.slug,
      input.name,
      input.description,
      input.timeZone,
      input.currency,
      input.locale,
      input.visibility,
      tx.now,
    ],
  );
  if (inserted.length === 0) return new SlugTaken();

  await tx.emit(CommunityCreated, {
    communityId,
    slug: input.slug,
    name: input.name,
    visibility: toldVisibility(input.visibility),
    timeZone: input.timeZone,
    rules: { preset: input.rulePreset, parameters: {} },
  });
  await admit(tx, { accountId, communityId, role: Role.OWNER });
  return foundedCommunity(tx.db, communityId);
});
