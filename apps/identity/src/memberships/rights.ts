import { assignableRoles, bannableRoles } from '@lyceum/contracts';
import type { Role } from './member.entity';

/** The role of the actor in the community at hand; null for who is not an active member. */
export type OwnRole = Role | null;

export const mayChangeRole = (own: OwnRole, { from, to }: { from: Role; to: Role }): boolean =>
  own !== null && assignableRoles[own].includes(from) && assignableRoles[own].includes(to);

export const mayBan = (own: OwnRole, target: Role): boolean =>
  own !== null && bannableRoles[own].includes(target);
