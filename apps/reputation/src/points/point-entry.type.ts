import { connectionType } from '@lyceum/platform';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { EntryRow } from './point-entry.queries';

@ObjectType({ description: 'The rule behind some points, in the version that was in force.' })
export class PointRule {
  @Field(() => String) name!: string;
  @Field(() => Int, { description: "The version of the community's rules." }) version!: number;
}

@ObjectType('PointEntry', {
  description:
    'One reason why a member has the points it has. The sum of all entries is the total.',
})
export class ExplainedEntry {
  @Field(() => ID) id!: string;

  @Field(() => Int, { description: 'What counts: after limits, negative for a loss.' })
  points!: number;

  @Field(() => PointRule) rule!: PointRule;

  @Field(() => Date, { description: 'When that happened which the points are for.' })
  occurredAt!: Date;

  @Field(() => ID, {
    nullable: true,
    description: 'The activity the points are for; none when they balance a total.',
  })
  activityId!: string | null;

  row!: EntryRow;
}

export const toExplained = (row: EntryRow): ExplainedEntry => ({
  id: row.id,
  points: row.points,
  rule: { name: row.rule, version: row.ruleSetVersion },
  occurredAt: row.occurredAt,
  activityId: row.activityId,
  row,
});

@ObjectType()
export class PointEntryConnection extends connectionType('PointEntry', () => ExplainedEntry) {}
