import { AuthorsResolver } from './authors.resolver';

export const privacy = { resolvers: [AuthorsResolver] };
