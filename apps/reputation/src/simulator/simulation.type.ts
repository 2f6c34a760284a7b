import { connectionType } from '@lyceum/platform';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { aMember, Member } from '../members/member.type';
import type { MonthOfPoints } from './run-simulation';
import type { ChangeRow, SimulationId, SimulationRow } from './simulation.queries';

export enum SimulationStatus {
  QUEUED = 'queued',
  RUNNING = 'running',
  DONE = 'done',
  FAILED = 'failed',
}
registerEnumType(SimulationStatus, { name: 'SimulationStatus' });

@ObjectType({ description: 'Points given in a month: how much there would be more, or less.' })
export class SimulatedMonth {
  @Field(() => String, { description: '`YYYY-MM`, UTC.' }) month!: string;
  @Field(() => Int) before!: number;
  @Field(() => Int) after!: number;
  @Field(() => Float, {
    nullable: true,
    description: 'Percent by which the month made all points more; none while there were none.',
  })
  inflationBefore!: number | null;
  @Field(() => Float, { nullable: true }) inflationAfter!: number | null;
}

@ObjectType({ description: 'Awards of a badge: how many there are, and would be.' })
export class SimulatedBadge {
  @Field(() => String) badge!: string;
  @Field(() => Int) before!: number;
  @Field(() => Int) after!: number;
  @Field(() => Int, { description: 'Awarded under the new rules, and not under the old.' })
  gained!: number;
  @Field(() => Int) lost!: number;
}

@ObjectType({ description: 'Members who could buy a gift with points that they have not spent.' })
export class SimulatedGift {
  @Field(() => String) title!: string;
  @Field(() => Int) price!: number;
  @Field(() => Int) stock!: number;
  @Field(() => Int) before!: number;
  @Field(() => Int) after!: number;
}

@ObjectType({ description: 'What rules would change, in numbers.' })
export class SimulationSummary {
  @Field(() => Int, { description: 'Members with any points, under either rules.' })
  members!: number;
  @Field(() => Int) gaining!: number;
  @Field(() => Int) losing!: number;
  @Field(() => Int, { description: 'Members whose rank on the board would be another.' })
  rankChanges!: number;
  @Field(() => Int, { description: 'Members who would be on a higher level.' }) levelsUp!: number;
  @Field(() => Int) levelsDown!: number;
  @Field(() => Int, { description: 'All points there are.' }) pointsBefore!: number;
  @Field(() => Int) pointsAfter!: number;
  @Field(() => [SimulatedMonth]) months!: readonly SimulatedMonth[];
  @Field(() => [SimulatedBadge], { nullable: true }) badges?: readonly SimulatedBadge[];
  @Field(() => Int, {
    nullable: true,
    description: 'Members who would be trusted further when trust is next measured.',
  })
  trustUp?: number;
  @Field(() => Int, { nullable: true }) trustDown?: number;
  @Field(() => Int, { nullable: true, description: 'What all members could spend on gifts.' })
  spendableBefore?: number;
  @Field(() => Int, { nullable: true }) spendableAfter?: number;
  @Field(() => [SimulatedGift], { nullable: true, description: 'The cheapest 50 on offer.' })
  gifts?: readonly SimulatedGift[];
}

@ObjectType({ description: 'What rules would change for a member.' })
export class SimulatedChange {
  @Field(() => Member, { nullable: true }) member!: Member;
  @Field(() => Int) pointsBefore!: number;
  @Field(() => Int) pointsAfter!: number;
  @Field(() => Int, { nullable: true }) rankBefore!: number | null;
  @Field(() => Int, { nullable: true }) rankAfter!: number | null;
  @Field(() => Int) levelBefore!: number;
  @Field(() => Int) levelAfter!: number;
}

@ObjectType()
export class SimulatedChangeConnection extends connectionType(
  'SimulatedChange',
  () => SimulatedChange,
) {}

@ObjectType({ description: 'A run of drafted rules over all that has happened in a community.' })
export class RuleSimulation {
  @Field(() => ID) id!: SimulationId;
  @Field(() => SimulationStatus) status!: `${SimulationStatus}`;
  @Field(() => Float, { description: 'From 0 to 1.' }) progress!: number;
  @Field(() => Int, { description: 'The revision of the draft that was run.' })
  draftRevision!: number;
  @Field(() => Date) requestedAt!: Date;
  @Field(() => Date, { nullable: true }) finishedAt!: Date | null;
  @Field(() => SimulationSummary, { nullable: true, description: 'Once it is done.' })
  summary!: SimulationSummary | null;
}

export const toSimulation = (row: SimulationRow): RuleSimulation =>
  Object.assign(new RuleSimulation(), row, {
    summary: row.summary && { ...row.summary, months: withInflation(row.summary.months) },
  });

/** What a month gave, in percent of all that there was before it. */
const withInflation = (months: readonly MonthOfPoints[]): SimulatedMonth[] => {
  const supply = { before: 0, after: 0 };
  return months.map((month) => {
    const inflationOf = (side: keyof typeof supply): number | null =>
      supply[side] > 0 ? Math.round((1_000 * month[side]) / supply[side]) / 10 : null;
    const inflation = {
      inflationBefore: inflationOf('before'),
      inflationAfter: inflationOf('after'),
    };
    supply.before += month.before;
    supply.after += month.after;
    return { ...month, ...inflation };
  });
};

export const toChange = (row: ChangeRow): SimulatedChange => ({
  member: aMember(row.memberId),
  pointsBefore: row.before,
  pointsAfter: row.after,
  rankBefore: row.rankBefore,
  rankAfter: row.rankAfter,
  levelBefore: row.levelBefore,
  levelAfter: row.levelAfter,
});
