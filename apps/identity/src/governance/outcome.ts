import { ProposalState } from './proposal.type';

export interface Count {
  /** Who could vote. */
  readonly voters: number;
  readonly ayes: number;
  readonly noes: number;
  readonly abstentions: number;
  readonly quorumPercent: number;
}

/** Enough must have voted, those who abstain among them; then more ayes than noes. A tie changes nothing. */
export const outcomeOf = ({
  voters,
  ayes,
  noes,
  abstentions,
  quorumPercent,
}: Count): ProposalState.ACCEPTED | ProposalState.REJECTED | ProposalState.NO_QUORUM => {
  if ((ayes + noes + abstentions) * 100 < voters * quorumPercent) return ProposalState.NO_QUORUM;
  return ayes > noes ? ProposalState.ACCEPTED : ProposalState.REJECTED;
};
