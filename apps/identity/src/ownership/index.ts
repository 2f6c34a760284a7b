import { OwnershipResolver } from './ownership.resolver';

export const ownership = { resolvers: [OwnershipResolver] };
