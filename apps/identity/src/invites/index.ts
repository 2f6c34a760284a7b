import { creditInviters } from './credit-inviters.job';
import { InviteResolver } from './invite.resolver';

export const invites = { resolvers: [InviteResolver], jobs: [creditInviters] };
