import type { CommunityId, Id, MemberId } from '@lyceum/contracts';
import { connectionType } from '@lyceum/platform';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Member } from '../members/member.type';
import type { Why } from './rank-entries';

export type ContestId = Id<'Contest'>;
export type EntryId = Id<'ContestEntry'>;
export type PrizeId = Id<'Prize'>;

export enum ContestKind {
  CONTENT = 'content',
  CODING = 'coding',
  QUIZ = 'quiz',
}
registerEnumType(ContestKind, { name: 'ContestKind' });

export enum ContestStatus {
  DRAFT = 'draft',
  OPEN = 'open',
  JUDGING = 'judging',
  DECIDED = 'decided',
  CANCELLED = 'cancelled',
}
registerEnumType(ContestStatus, {
  name: 'ContestStatus',
  valuesConfig: {
    DRAFT: { description: 'Not open yet; members see it once it was announced.' },
    OPEN: { description: 'Takes entries.' },
    JUDGING: { description: 'Takes no more entries; jurors score and members vote.' },
    DECIDED: { description: 'Places and prizes are given.' },
    CANCELLED: { description: 'Called off: stakes and money went back.' },
  },
});

@ObjectType({ description: 'What jurors judge by.' })
export class ContestCriterion {
  @Field(() => String) name!: string;
  @Field(() => Int) weight!: number;
}

@ObjectType({ description: 'A question of a quiz.' })
export class QuizQuestion {
  @Field(() => String) text!: string;
  @Field(() => [String]) choices!: readonly string[];
  @Field(() => Int) points!: number;
}

@ObjectType({ description: 'What can be won.' })
export class ContestPool {
  @Field(() => String, { description: 'Points, or whole minor units of `currency`.' })
  amount!: string;
  @Field(() => String, { nullable: true, description: 'ISO 4217; none where points are won.' })
  currency!: string | null;
  @Field(() => String, { description: 'What of it came from the stakes of entrants.' })
  staked!: string;
  @Field(() => String, { description: 'What of it was won.' }) won!: string;
}

@ObjectType({ description: 'Members compete, by what they write, code or know, for a pool.' })
export class Contest {
  @Field(() => ID) id!: ContestId;
  @Field(() => ContestKind) kind!: `${ContestKind}`;
  @Field(() => String) title!: string;
  @Field(() => String) description!: string;
  @Field(() => ContestStatus) status!: `${ContestStatus}`;
  @Field(() => Date) opensAt!: Date;
  @Field(() => Date) closesAt!: Date;
  @Field(() => Date) decidesAt!: Date;
  @Field(() => Date, { nullable: true, description: 'Since when members see it, as it stands.' })
  announcedAt!: Date | null;
  @Field(() => Int) entriesPerMember!: number;
  @Field(() => Int, { description: 'For how many entries a member can vote.' })
  votesPerMember!: number;
  @Field(() => [ContestCriterion]) criteria!: readonly ContestCriterion[];
  @Field(() => Int) juryWeight!: number;
  @Field(() => Int) votesWeight!: number;
  @Field(() => Int, { description: 'Points that each entry costs; winners share them.' })
  stake!: number;
  @Field(() => [Int], {
    description: 'How the places share the pool: 3, 2, 1 is half, a third, a sixth.',
  })
  shares!: readonly number[];
  @Field(() => String, { nullable: true }) cancelledBecause!: string | null;

  questions!: readonly QuizQuestion[];
  communityId!: CommunityId;
  currency!: string | null;
  /** In points or minor units. */
  budget!: bigint;
  staked!: bigint;
  paid!: bigint;
  version!: number;
}

@ObjectType({ description: 'How one criterion was judged.' })
export class JudgedCriterion {
  @Field(() => String) name!: string;
  @Field(() => Int) weight!: number;
  @Field(() => Int, {
    nullable: true,
    description: 'In hundredths of a percent of the best score.',
  })
  mean!: number | null;
  @Field(() => Int, { description: 'How many jurors judged it.' }) jurors!: number;
}

export enum TieDecidedBy {
  JURY = 'jury',
  VOTES = 'votes',
  TIME = 'time',
}
registerEnumType(TieDecidedBy, { name: 'ContestTieDecidedBy' });

@ObjectType({ description: 'Why an entry has its place. Shares are in hundredths of a percent.' })
export class PlaceReason {
  @Field(() => Int) total!: number;
  @Field(() => Int, { nullable: true, description: "The jury's part, by the weights of criteria." })
  jury!: number | null;
  @Field(() => Int, { nullable: true, description: 'Votes, of those of the entry with most.' })
  votesShare!: number | null;
  @Field(() => Int) votes!: number;
  @Field(() => Int, { nullable: true, description: 'Points got in a quiz.' })
  quizPoints!: number | null;
  @Field(() => Int, { nullable: true }) quizPointsOf!: number | null;
  @Field(() => [JudgedCriterion]) criteria!: readonly JudgedCriterion[];
  @Field(() => TieDecidedBy, {
    nullable: true,
    description: 'What told it from another of the same total.',
  })
  tieDecidedBy!: `${TieDecidedBy}` | null;
}

@ObjectType()
export class ContestPrize {
  @Field(() => ID) id!: PrizeId;
  @Field(() => Int) place!: number;
  @Field(() => String, { description: 'Points, or whole minor units of `currency`.' })
  amount!: string;
  @Field(() => String, { nullable: true }) currency!: string | null;
  @Field(() => Date, { nullable: true, description: 'When the winner got it.' })
  paidAt!: Date | null;
}

@ObjectType({ description: 'What a member competes with.' })
export class ContestEntry {
  @Field(() => ID) id!: EntryId;
  @Field(() => String) title!: string;
  @Field(() => String, { nullable: true }) body!: string | null;
  @Field(() => String, { nullable: true }) link!: string | null;
  @Field(() => Date) submittedAt!: Date;
  @Field(() => Date, { nullable: true }) withdrawnAt!: Date | null;
  @Field(() => String, { nullable: true, description: 'Why the community took it out.' })
  removedBecause!: string | null;
  @Field(() => Int, { nullable: true, description: 'Once it is decided.' }) place!: number | null;
  @Field(() => Member, { nullable: true }) member!: Member;

  contestId!: ContestId;
  memberId!: MemberId;
  postType!: string | null;
  postId!: string | null;
  stake!: number;
  why!: Why | null;
}

@ObjectType()
export class ContestConnection extends connectionType('Contest', () => Contest) {}

@ObjectType()
export class ContestEntryConnection extends connectionType('ContestEntry', () => ContestEntry) {}
