import { buildSubgraph, load, type App, type Deps, type WorkerGroup } from '@lyceum/platform';
import { isId, type AccountId, type CommunityId, type MemberId } from '@lyceum/contracts';
import { accountSlices } from './account-slices';
import { AccountResolver } from './accounts/account.resolver';
import { accountsById } from './accounts/account.queries';
import { communitiesById } from './communities/community.queries';
import { CommunityResolver } from './communities/community.resolver';
import { communitySlices } from './community-slices';
import { openKit, type IdentityConfig } from './kit';
import { addOutboxPage } from './mail/outbox-page';
import { addAvatarRoutes } from './profiles/avatar-routes';
import { InternalResolver } from './internal.resolver';
import { membersById } from './memberships/member.queries';
import { MemberResolver } from './memberships/member.resolver';
import { forgetSessions } from './sessions/forget-sessions.job';
import { addRevocationFeed } from './sessions/revocation-feed';
import { AuthPayloadResolver } from './sessions/auth-payload';
import { SessionResolver } from './sessions/session.resolver';
import { publicKeys } from './sessions/signing-keys';
import { addTokenExchange } from './tokens/exchange-token';

export { verifyAuditLog, type AuditVerdict } from './audit/verify-audit-log';
export { database } from './database';
export { createDemoAccounts, demoAccounts, demoPassword } from './demo';
export {
  generateSigningKey,
  publicKeys,
  signingKeys,
  type SigningKey,
} from './sessions/signing-keys';
export type { IdentityConfig } from './kit';
export { readLoginProviders, readMailSettings } from './env';

/** The composition root of identity: people, how they prove who they are, and the communities they form. */
export const createApp = (deps: Deps, config: IdentityConfig): App => {
  openKit(deps, config);
  return {
    schema: buildSubgraph({
      resolvers: [
        AccountResolver,
        SessionResolver,
        AuthPayloadResolver,
        CommunityResolver,
        MemberResolver,
        InternalResolver,
        ...accountSlices.resolvers,
        ...communitySlices.resolvers,
      ],
      references: {
        Account: ({ id }, ctx) => (isId(id) ? load(ctx, accountsById, id as AccountId) : null),
        Community: ({ id }, ctx) =>
          isId(id) ? load(ctx, communitiesById, id as CommunityId) : null,
        Member: ({ id }, ctx) => (isId(id) ? load(ctx, membersById, id as MemberId) : null),
      },
    }),
    consumers: [...communitySlices.consumers],
    jobs: [forgetSessions, ...accountSlices.jobs, ...communitySlices.jobs],
    routes: (server, guard) => {
      addOutboxPage(server, deps);
      addAvatarRoutes(server, deps);
      addRevocationFeed(server, guard, deps);
      addTokenExchange(server, guard, deps);
      server.get('/.well-known/jwks.json', async (_, reply) => {
        await reply
          .header('cache-control', 'public, max-age=300')
          .send(publicKeys(config.signingKeys));
      });
    },
  };
};

export const workerGroups: Readonly<Record<string, WorkerGroup>> = {
  identity: { isPrimary: true, destinations: ['identity'] },
};
