import { isId, may, type CommunityId } from '@lyceum/contracts';
import { badInput, useCase, UserError, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { EntityManager } from 'typeorm';
import { CommunityUnknown, MembershipRequired } from '../communities/membership.errors';
import { actingMember, isVisible, learnStanding } from '../communities/standing';

const fields = {
  newcomerSharePercent: { least: 0, most: 50, column: 'newcomer_share' },
  newcomerPosts: { least: 0, most: 100, column: 'newcomer_posts' },
  newcomerDays: { least: 0, most: 365, column: 'newcomer_days' },
  unexposedViews: { least: 0, most: 10_000, column: 'unexposed_views' },
} as const;
type TermName = keyof typeof fields;

@ObjectType({ description: 'How the places in `recommended` are given.' })
export class ExposureTerms implements Record<TermName, number> {
  @Field(() => Int, {
    description:
      'Percent of the places that are kept for newcomers and for what hardly anybody has seen.',
  })
  newcomerSharePercent!: number;

  @Field(() => Int, { description: 'An author with fewer posts is a newcomer.' })
  newcomerPosts!: number;

  @Field(() => Int, { description: 'So is one whose first post is not older than that.' })
  newcomerDays!: number;

  @Field(() => Int, { description: 'A post with fewer views has hardly been seen.' })
  unexposedViews!: number;
}

const usual: ExposureTerms = {
  newcomerSharePercent: 20,
  newcomerPosts: 5,
  newcomerDays: 30,
  unexposedViews: 20,
};

export const exposureTerms = async (
  db: EntityManager,
  communityId: CommunityId,
): Promise<ExposureTerms> => {
  const columns = Object.entries(fields).map(([name, { column }]) => `${column} AS "${name}"`);
  const [row] = await db.query<ExposureTerms[]>(
    `SELECT ${columns.join(', ')} FROM exposure_terms WHERE community_id = $1`,
    [communityId],
  );
  return Object.assign(new ExposureTerms(), row ?? usual);
};

@InputType({ description: 'What is left out stays as it is.' })
export class ConfigureExposureInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => Int, { nullable: true, description: '0 to 50.' })
  newcomerSharePercent?: number | null;
  @Field(() => Int, { nullable: true, description: '0 to 100.' }) newcomerPosts?: number | null;
  @Field(() => Int, { nullable: true, description: '0 to 365.' }) newcomerDays?: number | null;
  @Field(() => Int, { nullable: true, description: '0 to 10,000.' }) unexposedViews?: number | null;
}

@ObjectType({ implements: UserError })
export class NotInCharge extends UserError {
  readonly code = 'NOT_IN_CHARGE' as const;
  readonly message = 'Only owners and admins of the community decide on this.';
}

export const ConfigureExposureResult = createUnionType({
  name: 'ConfigureExposureResult',
  types: () => [ExposureTerms, CommunityUnknown, MembershipRequired, NotInCharge] as const,
});
type Result = Promise<typeof ConfigureExposureResult>;

/** By owners and admins; in force from the next hour on. */
export const configureExposure = async (ctx: Ctx, input: ConfigureExposureInput): Result => {
  for (const [name, { least, most }] of Object.entries(fields)) {
    const value = input[name as TermName];
    if (value != null && (value < least || value > most))
      throw badInput(`"${name}" must be ${String(least)} to ${String(most)}.`, { field: name });
  }
  if (!isId(input.communityId)) return new CommunityUnknown();
  await learnStanding(ctx, input.communityId);
  return (await isVisible(ctx, input.communityId)) ? configure(ctx, input) : new CommunityUnknown();
};

const configure = useCase(async (tx, { communityId, ...input }: ConfigureExposureInput): Result => {
  const member = await actingMember(tx, communityId);
  if (member === null) return new MembershipRequired();
  if (!may(member.role, 'incentives.manage')) return new NotInCharge();
  const before = await exposureTerms(tx.db, communityId);
  const names = Object.keys(fields) as TermName[];
  const columns = names.map((name) => fields[name].column);
  await tx.db.query(
    `INSERT INTO exposure_terms (community_id, ${columns.join(', ')}) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (community_id) DO UPDATE SET ${columns.map((one) => `${one} = excluded.${one}`).join(', ')}`,
    [communityId, ...names.map((name) => input[name] ?? before[name])],
  );
  return exposureTerms(tx.db, communityId);
});
