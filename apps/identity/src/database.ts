import { ImportProgress1750000900000, type AppDatabase } from '@lyceum/platform';
import { Account } from './accounts/account.entity';
import { Community } from './communities/community.entity';
import { Member } from './memberships/member.entity';
import { IdentityTables1750000100000 } from './migrations/1750000100000-identity-tables';
import { communityMigrations } from './migrations/community-migrations';
import { RefreshToken } from './sessions/refresh-token.entity';
import { Session } from './sessions/session.entity';

export const database: AppDatabase = {
  entities: [Account, Session, RefreshToken, Community, Member],
  migrations: [IdentityTables1750000100000, ...communityMigrations, ImportProgress1750000900000],
};
