import { Role } from './member.entity';

interface Rights {
  readonly updateCommunity: boolean;
  readonly addMembers: boolean;
  /** Between which roles one may move others; both the old role and the new one must be here. */
  readonly changeRoles: readonly Role[];
  /** Members of which role one may ban, and lift the ban of. */
  readonly ban: readonly Role[];
}

const { OWNER, ADMIN, MODERATOR, MEMBER } = Role;

/** Who may do what to others. Everyone may join what is public, and leave. */
export const rights: Readonly<Record<Role, Rights>> = {
  [OWNER]: {
    updateCommunity: true,
    addMembers: true,
    changeRoles: [OWNER, ADMIN, MODERATOR, MEMBER],
    ban: [ADMIN, MODERATOR, MEMBER],
  },
  [ADMIN]: {
    updateCommunity: true,
    addMembers: true,
    changeRoles: [MODERATOR, MEMBER],
    ban: [MODERATOR, MEMBER],
  },
  [MODERATOR]: { updateCommunity: false, addMembers: false, changeRoles: [], ban: [MEMBER] },
  [MEMBER]: { updateCommunity: false, addMembers: false, changeRoles: [], ban: [] },
};

/** The role of the actor in the community at hand; null for who is not an active member. */
export type OwnRole = Role | null;

export const mayUpdateCommunity = (own: OwnRole): boolean =>
  own !== null && rights[own].updateCommunity;

export const mayAddMembers = (own: OwnRole): boolean => own !== null && rights[own].addMembers;

export const mayChangeRole = (own: OwnRole, { from, to }: { from: Role; to: Role }): boolean =>
  own !== null && rights[own].changeRoles.includes(from) && rights[own].changeRoles.includes(to);

export const mayBan = (own: OwnRole, target: Role): boolean =>
  own !== null && rights[own].ban.includes(target);
