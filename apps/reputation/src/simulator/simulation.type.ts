import { connectionType } from '@lyceum/platform';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { aMember, Member } from '../members/member.type';
import type { ChangeRow, SimulationId, SimulationRow, Summary } from './simulation.queries';

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
  summary!: Summary | null;
}

export const toSimulation = (row: SimulationRow): RuleSimulation =>
  Object.assign(new RuleSimulation(), row);

export const toChange = (row: ChangeRow): SimulatedChange => ({
  member: aMember(row.memberId),
  pointsBefore: row.before,
  pointsAfter: row.after,
  rankBefore: row.rankBefore,
  rankAfter: row.rankAfter,
  levelBefore: row.levelBefore,
  levelAfter: row.levelAfter,
});
