import { isId, type CommunityId } from '@lyceum/contracts';
import {
  connectionType,
  load,
  PageArgs,
  toConnection,
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
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Member } from '../memberships/member.entity';
import { membersById } from '../memberships/member.queries';
import { pageByTime } from '../pages';
import {
  openProposal,
  OpenProposalInput,
  OpenProposalResult,
  type OpenProposalOutcome,
} from './open-proposal';
import { proposalsById, proposalsPage, viewerChoices } from './proposal.queries';
import { Proposal, ProposalChoice } from './proposal.type';
import {
  voteOnProposal,
  VoteOnProposalInput,
  VoteOnProposalResult,
  withdrawProposal,
  WithdrawProposalInput,
  WithdrawProposalResult,
  type VoteOnProposalOutcome,
  type WithdrawProposalOutcome,
} from './vote-on-proposal';

const ProposalConnection = connectionType('Proposal', () => Proposal);

@ArgsType()
class ProposalsArgs extends PageArgs {
  @Field(() => ID) communityId!: CommunityId;
}

@Resolver(() => Proposal)
export class ProposalResolver {
  @Query(() => ProposalConnection, { description: "A community's proposals, the newest first." })
  async proposals(
    @Context() ctx: Ctx,
    @Args(() => ProposalsArgs) { communityId, ...args }: ProposalsArgs,
  ): Promise<Connection<Proposal>> {
    const list = 'proposals';
    const page = pageByTime(list, args);
    const found = isId(communityId) ? await proposalsPage(ctx, { communityId, page }) : [];
    return toConnection(found, {
      list,
      first: page.first,
      positionOf: ({ openedAt, id }) => [openedAt.toISOString(), id],
    });
  }

  @Query(() => Proposal, { nullable: true })
  proposal(@Context() ctx: Ctx, @Arg('id', () => ID) id: string): Promise<Proposal | null> | null {
    return isId(id) ? load(ctx, proposalsById, id) : null;
  }

  @FieldResolver(() => Member, { nullable: true })
  proposer(@Context() ctx: Ctx, @Root() { proposerId }: Proposal): Promise<Member | null> {
    return load(ctx, membersById, proposerId);
  }

  @FieldResolver(() => String, { nullable: true, description: 'The rules that it would bring.' })
  proposedRules(@Root() { change }: Proposal): string | null {
    return change.rules ?? null;
  }

  @FieldResolver(() => ProposalChoice, { nullable: true, description: "The viewer's own vote." })
  viewerChoice(@Context() ctx: Ctx, @Root() { id }: Proposal): Promise<ProposalChoice | null> {
    return load(ctx, viewerChoices, id);
  }

  @Authorized()
  @Mutation(() => OpenProposalResult, {
    description: 'For roles that may propose. Its voters are the active members of this moment.',
  })
  openProposal(
    @Context() ctx: Ctx,
    @Arg('input', () => OpenProposalInput) input: OpenProposalInput,
  ): Promise<OpenProposalOutcome> {
    return openProposal(ctx, input);
  }

  @Authorized()
  @Mutation(() => VoteOnProposalResult, { description: 'For its voters, until it is closed.' })
  voteOnProposal(
    @Context() ctx: Ctx,
    @Arg('input', () => VoteOnProposalInput) input: VoteOnProposalInput,
  ): Promise<VoteOnProposalOutcome> {
    return voteOnProposal(ctx, input);
  }

  @Authorized()
  @Mutation(() => WithdrawProposalResult, {
    description: 'By who made it, owners, administrators.',
  })
  withdrawProposal(
    @Context() ctx: Ctx,
    @Arg('input', () => WithdrawProposalInput) input: WithdrawProposalInput,
  ): Promise<WithdrawProposalOutcome> {
    return withdrawProposal(ctx, input);
  }
}
