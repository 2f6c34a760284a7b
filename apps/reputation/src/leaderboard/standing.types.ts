import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'What a rule has given to a member in all.' })
export class PointsOfRule {
  @Field(() => String) rule!: string;
  @Field(() => String, { description: 'What the rule is about, in a sentence.' }) reason!: string;
  @Field(() => Int) points!: number;
  @Field(() => Int, { description: 'How often it applied, what was taken back included.' })
  times!: number;
}

@ObjectType({ description: 'Something that would lead to the next rank if it happened so often.' })
export class WayUp {
  @Field(() => String) rule!: string;
  @Field(() => String) reason!: string;
  @Field(() => Int, { description: 'Before daily limits.' }) times!: number;
}

@ObjectType({ description: 'Why a member has its rank, and what separates it from the next.' })
export class RankExplanation {
  @Field(() => Int) rank!: number;
  @Field(() => Int) points!: number;
  @Field(() => Int, { nullable: true, description: 'None for the first.' })
  nextRank!: number | null;
  @Field(() => Int, { nullable: true, description: 'To be level with who is there.' })
  pointsToNextRank!: number | null;
  @Field(() => [PointsOfRule], { description: 'They sum up to the points.' })
  madeOf!: readonly PointsOfRule[];
  @Field(() => [WayUp]) waysUp!: readonly WayUp[];
  @Field(() => String, { description: 'The same for the member to read.' }) sentence!: string;
}

@ObjectType({ description: 'How far a member is on the way to the next level.' })
export class LevelProgress {
  @Field(() => Int) level!: number;
  @Field(() => String) name!: string;
  @Field(() => String, { nullable: true, description: 'The next level; none on the highest.' })
  nextName!: string | null;
  @Field(() => Int, { nullable: true }) nextFrom!: number | null;
  @Field(() => Int, { nullable: true }) pointsToNext!: number | null;
  @Field(() => Float, { description: 'From 0 to 1; 1 on the highest.' }) share!: number;
  @Field(() => String) sentence!: string;
}

@ObjectType({
  description: 'Points by how much they still weigh, under rules where standing fades.',
})
export class CurrentPoints {
  @Field(() => Int) points!: number;
  @Field(() => Int, { nullable: true, description: 'None: points weigh the same for ever.' })
  halfLifeDays!: number | null;
  @Field(() => String) formula!: string;
}
