import type { AppDatabase } from '@lyceum/platform';
import { AuditLog1750000120000 } from './1750000120000-audit-log';
import { CommunitySettings1750000130000 } from './1750000130000-community-settings';
import { CommunitiesAndRoles1750000121000 } from './1750000121000-communities-and-roles';
import { InvitesAndTrials1750000122000 } from './1750000122000-invites-and-trials';
import { Privacy1750000123000 } from './1750000123000-privacy';
import { Profiles1750000124000 } from './1750000124000-profiles';
import { Governance1750000125000 } from './1750000125000-governance';
import { Tiers1750000126000 } from './1750000126000-tiers';

/** The migrations of communities, rights and privacy, in order. */
export const communityMigrations: AppDatabase['migrations'] = [
  AuditLog1750000120000,
  CommunitiesAndRoles1750000121000,
  InvitesAndTrials1750000122000,
  Privacy1750000123000,
  Profiles1750000124000,
  Governance1750000125000,
  Tiers1750000126000,
  CommunitySettings1750000130000,
];
