import { Scopes, type Ctx } from '@lyceum/platform';
import { GraphQLLocalDate } from 'graphql-scalars';
import {
  Args,
  Ctx as Context,
  Field,
  FieldResolver,
  Float,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { Community } from '../communities/community.type';
import { EngagementArgs } from '../engagement/engagement.resolver';
import { requireAnalyst } from './analysts';
import { toAsk } from './read-metric';
import { revenue } from './revenue';

@ObjectType({ description: 'What members paid in an interval, in one currency.' })
export class RevenueOfInterval {
  @Field(() => GraphQLLocalDate, { description: 'The first day of the interval.' }) date!: string;
  @Field(() => String, { description: 'ISO 4217.' }) currency!: string;
  @Field(() => String, {
    description: 'Paid less given back, in minor units; below zero where more went back.',
  })
  netMinor!: string;
  @Field(() => Int) payingMembers!: number;
  @Field(() => Float, {
    nullable: true,
    description: 'Minor units per member who took part in the interval.',
  })
  perActiveMember!: number | null;
}

@Resolver(() => Community)
export class RevenueResolver {
  @Scopes('analytics:read', 'money:read')
  @FieldResolver(() => [RevenueOfInterval], {
    nullable: true,
    description:
      'Revenue of each interval with any, by currency; before fees, taxes and the shares of authors. For owners, admins and analysts of the community.',
  })
  async revenue(
    @Root() { id }: Community,
    @Context() ctx: Ctx,
    @Args(() => EngagementArgs) args: EngagementArgs,
  ): Promise<RevenueOfInterval[]> {
    await requireAnalyst(ctx, id);
    return revenue(ctx.db, await toAsk(ctx, id, args));
  }
}
