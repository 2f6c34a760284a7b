import type { CommunityId, Id, MemberId } from '@lyceum/contracts';
import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { Member } from '../communities/member.type';

export type RatingId = Id<'Rating'>;

/** Of payments; here it gets what its owners think of it. */
@Directive('@key(fields: "id")')
@ObjectType('Product')
export class Product {
  @Field(() => ID) id!: string;
}

@ObjectType({ description: 'What a member thinks of what it read or bought.' })
export class Rating {
  @Field(() => ID) id!: RatingId;
  @Field(() => Int, { description: '1 to 5.' }) value!: number;
  @Field(() => String, {
    name: 'text',
    description: 'HTML, sanitised; empty when nothing was written.',
  })
  textHtml!: string;
  @Field(() => Date) createdAt!: Date;
  @Field(() => Date, { nullable: true }) editedAt!: Date | null;

  communityId!: CommunityId;
  raterId!: MemberId;

  @Field(() => Member, { nullable: true })
  member(): Member {
    return Object.assign(new Member(), { id: this.raterId });
  }
}

@ObjectType({ description: 'What its readers or owners think of something, together.' })
export class RatingSummary {
  @Field(() => Int) count!: number;
  @Field(() => Float, { nullable: true, description: 'Of those who rated; null while nobody has.' })
  average!: number | null;
  @Field(() => Float, {
    nullable: true,
    description: 'The lower end of the 95 % interval of the average: wide while few have rated.',
  })
  low!: number | null;
  @Field(() => Float, { nullable: true }) high!: number | null;
}

/**
 * The average with its interval, by Wilson's formula on the scale from 1 to 5: it takes ratings to differ as much as
 * such an average allows, so that it is never too narrow, not even for one rating.
 */
export const summaryOf = ({
  count,
  sum,
}: {
  readonly count: number;
  readonly sum: number;
}): RatingSummary => {
  if (count === 0) return { count, average: null, low: null, high: null };
  const average = sum / count;
  const share = (average - 1) / 4;
  const z = 1.96;
  const middle = share + (z * z) / (2 * count);
  const half = z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  const onScale = (value: number): number => 1 + (4 * value) / (1 + (z * z) / count);
  return { count, average, low: onScale(middle - half), high: onScale(middle + half) };
};
