import { closeProposals } from './close-proposals.job';
import { ProposalResolver } from './proposal.resolver';

export const governance = { resolvers: [ProposalResolver], jobs: [closeProposals] };
