import type { CommunityId, Id, MemberId } from '@lyceum/contracts';
import { connectionType, UserError } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { aMember, Member } from '../members/member.type';
import { query } from '../sql';

export type ThanksId = Id<'Thanks'>;

@ObjectType({
  description:
    'A note by which a member thanks another for a post. It earns neither points nor money.',
})
export class Thanks {
  @Field(() => ID) id!: ThanksId;
  @Field(() => String) text!: string;
  @Field(() => Date) givenAt!: Date;
  @Field(() => Date, { nullable: true }) removedAt!: Date | null;
  @Field(() => String, { nullable: true }) removedBecause!: string | null;
  @Field(() => Member, { nullable: true }) giver!: Member;
  @Field(() => Member, { nullable: true }) receiver!: Member;
  @Field(() => Int, { description: 'How many members have reported it.' }) reports!: number;
  communityId!: CommunityId;
  giverId!: MemberId;
  receiverId!: MemberId;
  subjectType!: string;
  subjectId!: string;
}

@ObjectType()
export class ThanksConnection extends connectionType('Thanks', () => Thanks) {}

@ObjectType({ implements: UserError })
export class ThanksNotFound extends UserError {
  readonly code = 'THANKS_NOT_FOUND' as const;
  readonly message = 'There is no such note of thanks.';
}

@ObjectType({ implements: UserError })
export class ThanksInvalid extends UserError {
  readonly code = 'THANKS_INVALID' as const;
  readonly message: string;
  constructor(problem: string) {
    super();
    this.message = problem;
  }
}

@ObjectType({ implements: UserError })
export class ThankedBefore extends UserError {
  readonly code = 'THANKED_BEFORE' as const;
  readonly message = 'You have thanked for this before.';
}

export const mostThanksADay = 10;

@ObjectType({ implements: UserError })
export class ThanksUsedUp extends UserError {
  readonly code = 'THANKS_USED_UP' as const;
  readonly message = `A member thanks at most ${String(mostThanksADay)} times a day.`;
}

/** Notes that match; `where` is SQL of ours, with its parameters from $1. */
export const selectThanks = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<Thanks[]> => {
  const rows = await query<Pick<Thanks, 'giverId' | 'receiverId'>>(
    db,
    `SELECT id, community_id AS "communityId", giver_id AS "giverId", receiver_id AS "receiverId",
       subject_type AS "subjectType", subject_id AS "subjectId", text, given_at AS "givenAt", removed_at AS "removedAt",
       removed_because AS "removedBecause",
       (SELECT count(*)::int FROM thanks_report WHERE thanks_id = thanks.id) AS reports
     FROM thanks WHERE ${where}`,
    parameters,
  );
  return rows.map((row) =>
    Object.assign(new Thanks(), row, {
      giver: aMember(row.giverId),
      receiver: aMember(row.receiverId),
    }),
  );
};

export const thanksById = async (db: EntityManager, id: ThanksId): Promise<Thanks | null> =>
  (await selectThanks(db, 'id = $1', [id]))[0] ?? null;
