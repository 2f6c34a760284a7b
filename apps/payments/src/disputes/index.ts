import { DisputeResolver } from './dispute.resolver';

export const disputes = { resolvers: [DisputeResolver] };
