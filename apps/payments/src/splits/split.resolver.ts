import { isId, type CommunityId } from '@lyceum/contracts';
import { connectionType, PageArgs, type Connection, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Args,
  ArgsType,
  Authorized,
  Ctx as Context,
  Field,
  FieldResolver,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { Product } from '../catalogue/product.entity';
import { Community, Member } from '../communities/community.type';
import { isVisible, learnStanding } from '../communities/standing';
import { proposeSplit, ProposeSplitInput, ProposeSplitResult } from './propose-split';
import type { SplitRule } from './split-of';
import { IncomeStream, SplitShareRule, SplitTable } from './split-table.entity';
import { splitHistory, splitInForce } from './split.queries';

const SplitTableConnection = connectionType('SplitTable', () => SplitTable);

@ArgsType()
class SplitTablesArgs extends PageArgs {
  @Field(() => IncomeStream, { defaultValue: IncomeStream.SALES }) stream!: IncomeStream;
}

@Resolver(() => SplitTable)
export class SplitTableResolver {
  @FieldResolver(() => Community, { nullable: true, description: "Null for the platform's own." })
  community(@Root() { communityId }: SplitTable): Community | null {
    return communityId === null ? null : { id: communityId };
  }

  @FieldResolver(() => Member, { nullable: true, description: "Null for the platform's own." })
  createdBy(@Root() { createdById }: SplitTable): Member | null {
    return createdById === null ? null : { id: createdById };
  }

  @Authorized()
  @Mutation(() => ProposeSplitResult)
  async proposeSplit(
    @Context() ctx: Ctx,
    @Arg('input', () => ProposeSplitInput) input: ProposeSplitInput,
  ): Promise<typeof ProposeSplitResult> {
    if (isId(input.communityId)) await learnStanding(ctx, input.communityId as CommunityId);
    return proposeSplit(ctx, input);
  }
}

@Resolver(() => SplitShareRule)
export class SplitShareRuleResolver {
  @FieldResolver(() => Member, { nullable: true, description: 'With MEMBER, and only then.' })
  member(@Root() { memberId }: SplitRule): Member | null {
    return memberId === null ? null : { id: memberId };
  }
}

@Resolver(() => Product)
export class ProductSplitResolver {
  @FieldResolver(() => SplitTable, { description: 'How what is paid for it now is divided.' })
  splitTable(@Root() product: Product, @Context() ctx: Ctx): Promise<SplitTable> {
    return splitInForce(
      ctx.db,
      { communityId: product.communityId, productId: product.id, stream: IncomeStream.SALES },
      ctx.deps.now(),
    );
  }

  @FieldResolver(() => SplitTableConnection, {
    description: 'The versions of its own table, newest first; none while the community’s is used.',
  })
  splitTables(
    @Root() product: Product,
    @Args(() => PageArgs) page: PageArgs,
    @Context() ctx: Ctx,
  ): Promise<Connection<SplitTable>> {
    const scope = { communityId: product.communityId, productId: product.id };
    return splitHistory(ctx.db, { ...scope, stream: IncomeStream.SALES }, page);
  }
}

@Resolver(() => Community)
export class CommunitySplitResolver {
  @FieldResolver(() => SplitTable, {
    nullable: true,
    description: 'How what is paid in it now is divided, where a product has no table of its own.',
  })
  async splitTable(
    @Root() { id }: Community,
    @Arg('stream', () => IncomeStream, { defaultValue: IncomeStream.SALES }) stream: IncomeStream,
    @Context() ctx: Ctx,
  ): Promise<SplitTable | null> {
    if (!(await isVisible(ctx, id))) return null;
    return splitInForce(ctx.db, { communityId: id, productId: null, stream }, ctx.deps.now());
  }

  @FieldResolver(() => SplitTableConnection, {
    nullable: true,
    description: "The versions of the community's table, newest first, those to come included.",
  })
  async splitTables(
    @Root() { id }: Community,
    @Args(() => SplitTablesArgs) { stream, ...page }: SplitTablesArgs,
    @Context() ctx: Ctx,
  ): Promise<Connection<SplitTable> | null> {
    if (!(await isVisible(ctx, id))) return null;
    return splitHistory(ctx.db, { communityId: id, productId: null, stream }, page);
  }
}
