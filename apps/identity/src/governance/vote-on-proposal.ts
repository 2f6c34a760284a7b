import { may } from '@lyceum/contracts';
import { forbidden, load, requireUser, useCase, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { recordAudit } from '../audit/record-audit';
import { MemberStatus } from '../memberships/member.entity';
import { memberOf } from '../memberships/member.queries';
import { lockProposal, proposalsById } from './proposal.queries';
import {
  NotAVoter,
  Proposal,
  ProposalChoice,
  ProposalClosed,
  ProposalNotFound,
  ProposalState,
} from './proposal.type';

@InputType({ description: 'A vote on a proposal; it can be changed until the proposal is closed.' })
export class VoteOnProposalInput {
  @Field(() => ID) proposalId!: string;
  @Field(() => ProposalChoice) choice!: ProposalChoice;
}

export const VoteOnProposalResult = createUnionType({
  name: 'VoteOnProposalResult',
  types: () => [Proposal, ProposalNotFound, ProposalClosed, NotAVoter] as const,
});
export type VoteOnProposalOutcome = Proposal | ProposalNotFound | ProposalClosed | NotAVoter;

/** Members of a private community alone know of its proposals: that is looked at first. */
const isSeen = async (ctx: Ctx, id: string): Promise<boolean> =>
  /^[0-9a-f-]{36}$/.test(id) && (await load(ctx, proposalsById, id)) !== null;

export const voteOnProposal = async (
  ctx: Ctx,
  input: VoteOnProposalInput,
): Promise<VoteOnProposalOutcome> =>
  (await isSeen(ctx, input.proposalId)) ? vote(ctx, input) : new ProposalNotFound();

const vote = useCase(
  async (tx, { proposalId, choice }: VoteOnProposalInput): Promise<VoteOnProposalOutcome> => {
    const proposal = await lockProposal(tx.db, proposalId);
    if (proposal === null) return new ProposalNotFound();
    if (proposal.state !== ProposalState.OPEN || proposal.closesAt <= tx.now)
      return new ProposalClosed();
    const member = await ownMember(tx, proposal);
    if (member === null) return new NotAVoter();

    const [, counted] = await tx.db.query<[unknown, number]>(
      'UPDATE proposal_vote SET choice = $3, voted_at = $4 WHERE proposal_id = $1 AND member_id = $2',
      [proposalId, member.id, choice, tx.now],
    );
    return counted === 0 ? new NotAVoter() : proposal;
  },
);

const ownMember = async (tx: Tx, { communityId }: Proposal) => {
  const member = await memberOf(tx.db, { communityId, accountId: requireUser(tx).accountId });
  return member?.status === MemberStatus.ACTIVE ? member : null;
};

@InputType({ description: 'Which proposal is no longer made.' })
export class WithdrawProposalInput {
  @Field(() => ID) proposalId!: string;
}

export const WithdrawProposalResult = createUnionType({
  name: 'WithdrawProposalResult',
  types: () => [Proposal, ProposalNotFound, ProposalClosed] as const,
});
export type WithdrawProposalOutcome = Proposal | ProposalNotFound | ProposalClosed;

export const withdrawProposal = async (
  ctx: Ctx,
  input: WithdrawProposalInput,
): Promise<WithdrawProposalOutcome> =>
  (await isSeen(ctx, input.proposalId)) ? withdraw(ctx, input) : new ProposalNotFound();

/** By who made it, and by owners and administrators. */
const withdraw = useCase(
  async (tx, { proposalId }: WithdrawProposalInput): Promise<WithdrawProposalOutcome> => {
    const proposal = await lockProposal(tx.db, proposalId);
    if (proposal === null) return new ProposalNotFound();
    const member = await ownMember(tx, proposal);
    const isOwn = member?.id === proposal.proposerId;
    if (!isOwn && !may(member?.role ?? null, 'proposals.withdraw')) throw forbidden();
    if (proposal.state !== ProposalState.OPEN) return new ProposalClosed();

    proposal.state = ProposalState.WITHDRAWN;
    proposal.closedAt = tx.now;
    await tx.db.query('UPDATE proposal SET state = $2, closed_at = $3 WHERE id = $1', [
      proposalId,
      proposal.state,
      tx.now,
    ]);
    await recordAudit(tx, {
      action: 'proposal.withdrawn',
      communityId: proposal.communityId,
      subject: { type: 'Proposal', id: proposalId },
    });
    return proposal;
  },
);
