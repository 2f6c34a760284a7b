import { ImportProgress1750000900000, type AppDatabase } from '@lyceum/platform';
import { accountSlices } from './account-slices';
import { Account } from './accounts/account.entity';
import { Community } from './communities/community.entity';
import { Member } from './memberships/member.entity';
import { IdentityTables1750000100000 } from './migrations/1750000100000-identity-tables';
import { communityMigrations } from './migrations/community-migrations';
import { RefreshToken } from './sessions/refresh-token.entity';
import { Session } from './sessions/session.entity';

export const database: AppDatabase = {
  entities: [Account, Session, RefreshToken, ...accountSlices.entities, Community, Member],
  migrations: [
    IdentityTables1750000100000,
    ...accountSlices.migrations,
    ...communityMigrations,
    ImportProgress1750000900000,
  ],
};
