import { may } from '@lyceum/contracts';
import type { Membership } from '../communities/membership.entity';

/** Owners and administrators decide what their community sells, and for how much. */
export const canManageCatalogue = (
  membership: Pick<Membership, 'role' | 'status'> | null,
): boolean => membership?.status === 'active' && may(membership.role, 'catalogue.manage');
