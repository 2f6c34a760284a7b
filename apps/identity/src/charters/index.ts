import { CharterResolver, MemberCharterResolver } from './charter.resolver';

export const charters = { resolvers: [CharterResolver, MemberCharterResolver] };
