import { AuditResolver } from './audit.resolver';

export const audit = { resolvers: [AuditResolver] };
