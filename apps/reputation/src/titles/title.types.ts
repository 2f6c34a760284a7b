import type { CommunityId, Id, MemberId } from '@lyceum/contracts';
import { UserError } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { query } from '../sql';

export type TitleId = Id<'Title'>;
export type TitleGrantId = Id<'TitleGrant'>;

@ObjectType({
  description:
    'What members can be called: for a level, a badge or a place in a contest, or by hand.',
})
export class Title {
  @Field(() => ID) id!: TitleId;
  @Field(() => String) name!: string;
  @Field(() => String) description!: string;
  @Field(() => Int, { nullable: true, description: 'For who has reached that level.' })
  level!: number | null;
  @Field(() => String, { nullable: true, description: 'For who has that badge of the rules.' })
  badge!: string | null;
  @Field(() => Int, { nullable: true, description: 'For who was so well placed in a contest.' })
  contestPlace!: number | null;
  communityId!: CommunityId;
}

@ObjectType({ description: 'A title that a member has, and why.' })
export class MemberTitle {
  @Field(() => ID, { nullable: true, description: 'Of one that was given by hand.' })
  grantId!: TitleGrantId | null;
  @Field(() => Title) title!: Title;
  @Field(() => String) reason!: string;
  @Field(() => Date, { nullable: true }) endsAt!: Date | null;
  memberId!: MemberId;
}

@ObjectType({ implements: UserError })
export class TitleNotFound extends UserError {
  readonly code = 'TITLE_NOT_FOUND' as const;
  readonly message = 'There is no such title.';
}

@ObjectType({ implements: UserError })
export class TitleInvalid extends UserError {
  readonly code = 'TITLE_INVALID' as const;
  readonly message: string;
  constructor(problem: string) {
    super();
    this.message = problem;
  }
}

/** Titles that match; `where` is SQL of ours, with its parameters from $1. */
export const selectTitles = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<Title[]> => {
  const rows = await query<object>(
    db,
    `SELECT id, community_id AS "communityId", name, description, level, badge, contest_place AS "contestPlace"
     FROM title WHERE retired_at IS NULL AND ${where}`,
    parameters,
  );
  return rows.map((row) => Object.assign(new Title(), row));
};

export const titleById = async (db: EntityManager, id: TitleId): Promise<Title | null> =>
  (await selectTitles(db, 'id = $1', [id]))[0] ?? null;

export const isByHand = ({ level, badge, contestPlace }: Title): boolean =>
  level === null && badge === null && contestPlace === null;
