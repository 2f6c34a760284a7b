import { StatementResolver } from './statement.resolver';

export const statements = { resolvers: [StatementResolver] };
