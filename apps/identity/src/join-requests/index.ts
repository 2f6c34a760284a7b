import { JoinRequestResolver } from './join-request.resolver';

export const joinRequests = { resolvers: [JoinRequestResolver] };
