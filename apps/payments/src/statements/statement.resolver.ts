import { isId, type CommunityId, type MemberId } from '@lyceum/contracts';
import {
  badInput,
  connectionType,
  notFound,
  PageArgs,
  requireUser,
  Scopes,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  ArgsType,
  Authorized,
  Ctx as Context,
  Field,
  FieldResolver,
  ID,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { ownMembership } from '../communities/membership.queries';
import { toMoneyType } from '../graph/money.type';
import { earningsOf, payoutTermsOf } from '../payouts/cleared';
import { EarningsBalance, PayoutTerms } from '../payouts/payout.type';
import { statementCsv, StatementLine, statementOf, type Span } from './statement';

const StatementLineConnection = connectionType('StatementLine', () => StatementLine);

@ArgsType()
class SpanArgs extends PageArgs {
  @Field(() => Date, { nullable: true, description: 'Inclusive.' }) from?: Date | null;
  @Field(() => Date, { nullable: true, description: 'Exclusive.' }) to?: Date | null;
}

const spanOf = ({ from, to }: SpanArgs): Span => {
  if (from != null && to != null && from >= to) throw badInput('"from" is before "to".');
  return { from: from ?? null, to: to ?? null };
};

@ObjectType({ description: 'What the caller has earned in a community.' })
class Earnings {
  communityId!: CommunityId;
  memberId!: MemberId;
  @Field(() => [EarningsBalance], { description: 'By currency.' }) balances!: EarningsBalance[];
  @Field(() => PayoutTerms) payoutTerms!: PayoutTerms;
  @Field(() => StatementLineConnection, { description: 'Every movement and why, newest first.' })
  statement!: Connection<StatementLine>;
  span!: Span;
}

@Resolver(() => Earnings)
export class StatementResolver {
  @Authorized()
  @Scopes('money:read')
  @Query(() => Earnings, { nullable: true, description: "The caller's own, and nobody else's." })
  async myEarnings(
    @Arg('communityId', () => ID) communityId: string,
    @Args(() => SpanArgs) args: SpanArgs,
    @Context() ctx: Ctx,
  ): Promise<Earnings> {
    requireUser(ctx);
    const membership = isId(communityId)
      ? await ownMembership(ctx, communityId as CommunityId)
      : null;
    if (membership === null) throw notFound('You are no member of such a community.');
    const { memberId } = membership;
    const payoutTerms = await payoutTermsOf(ctx.db, membership.communityId);
    const { holdDays } = payoutTerms;
    const earned = await earningsOf(ctx.db, memberId, { holdDays, at: ctx.deps.now() });
    const span = spanOf(args);
    return {
      communityId: membership.communityId,
      memberId,
      balances: earned.map(({ balance, cleared, held }) => ({
        balance: toMoneyType(balance),
        cleared: toMoneyType(cleared),
        held: toMoneyType(held),
      })),
      payoutTerms,
      statement: await statementOf(ctx.db, { memberId, ...span }, args),
      span,
    };
  }

  @FieldResolver(() => String, { description: 'The same as comma-separated values, oldest first.' })
  csv(@Root() { memberId, span }: Earnings, @Context() ctx: Ctx): Promise<string> {
    return statementCsv(ctx.db, { memberId, ...span });
  }
}
