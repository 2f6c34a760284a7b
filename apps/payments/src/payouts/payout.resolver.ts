import { isId, type CommunityId } from '@lyceum/contracts';
import {
  type Connection,
  connectionType,
  type Ctx,
  forbidden,
  idIn,
  PageArgs,
  parsePage,
  requireUser,
  Scopes,
  toConnection,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  Ctx as Context,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { Community, Member } from '../communities/community.type';
import { ownMembership } from '../communities/membership.queries';
import { decidePayout, DecidePayoutInput, DecidePayoutResult } from './decide-payout';
import { Payout, selectPayouts } from './payout.type';
import { requestPayout, RequestPayoutInput, RequestPayoutResult } from './request-payout';
import { setPayoutTerms, SetPayoutTermsInput, SetPayoutTermsResult } from './set-payout-terms';

const PayoutConnection = connectionType('Payout', () => Payout);

@Resolver(() => Payout)
export class PayoutResolver {
  @Authorized()
  @Scopes('money:read')
  @Query(() => PayoutConnection, { nullable: true, description: "The caller's own, newest first." })
  async myPayouts(
    @Arg('communityId', () => ID) communityId: string,
    @Args(() => PageArgs) page: PageArgs,
    @Context() ctx: Ctx,
  ): Promise<Connection<Payout>> {
    requireUser(ctx);
    const membership = isId(communityId)
      ? await ownMembership(ctx, communityId as CommunityId)
      : null;
    return payoutsOf(ctx, ['member_id', membership?.memberId ?? null], page);
  }

  @FieldResolver(() => Member, { description: 'Whose earnings they are.' })
  creator(@Root() { memberId }: Payout): Member {
    return { id: memberId };
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => RequestPayoutResult)
  requestPayout(
    @Context() ctx: Ctx,
    @Arg('input', () => RequestPayoutInput) input: RequestPayoutInput,
  ): Promise<typeof RequestPayoutResult> {
    return requestPayout(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => DecidePayoutResult, { description: 'By who sends the money.' })
  decidePayout(
    @Context() ctx: Ctx,
    @Arg('input', () => DecidePayoutInput) input: DecidePayoutInput,
  ): Promise<typeof DecidePayoutResult> {
    return decidePayout(ctx, input);
  }

  @Authorized()
  @Scopes('money:write')
  @Mutation(() => SetPayoutTermsResult)
  setPayoutTerms(
    @Context() ctx: Ctx,
    @Arg('input', () => SetPayoutTermsInput) input: SetPayoutTermsInput,
  ): Promise<typeof SetPayoutTermsResult> {
    return setPayoutTerms(ctx, input);
  }
}

@Resolver(() => Community)
export class CommunityPayoutResolver {
  @Scopes('money:read')
  @FieldResolver(() => PayoutConnection, {
    nullable: true,
    description: 'Newest first; for owners and administrators.',
  })
  async payouts(
    @Root() { id }: Community,
    @Args(() => PageArgs) page: PageArgs,
    @Context() ctx: Ctx,
  ): Promise<Connection<Payout>> {
    requireUser(ctx);
    if (!canManageCatalogue(await ownMembership(ctx, id)))
      throw forbidden('Only who manages the catalogue sees payouts of others.');
    return payoutsOf(ctx, ['community_id', id], page);
  }
}

const payoutsOf = async (
  ctx: Ctx,
  [column, id]: readonly ['member_id' | 'community_id', string | null],
  page: PageArgs,
): Promise<Connection<Payout>> => {
  const list = `payouts:${column}:${id ?? ''}`;
  const { first, after } = parsePage(list, page);
  const rows = await selectPayouts(
    ctx.db,
    `${column} = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [id, idIn(after), first + 1],
  );
  return toConnection(rows, { list, first, positionOf: (row) => [row.id] });
};
