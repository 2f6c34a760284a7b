import { isId, may, type CommunityId } from '@lyceum/contracts';
import {
  badInput,
  connectionType,
  forbidden,
  load,
  PageArgs,
  parsePage,
  requireUser,
  toConnection,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import { z } from 'zod';
import {
  Args,
  ArgsType,
  Authorized,
  Ctx as Context,
  Field,
  FieldResolver,
  ID,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Account } from '../accounts/account.entity';
import { accountsById } from '../accounts/account.queries';
import { viewerMembers } from '../memberships/member.queries';
import { auditActions } from './audit-actions';
import { AuditEntry } from './audit-entry.type';
import { auditPage } from './audit.queries';

const AuditEntryConnection = connectionType('AuditEntry', () => AuditEntry);
const position = z.tuple([z.string().regex(/^\d{1,18}$/)]);

@ArgsType()
class AuditLogArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Only acts of this kind.' })
  action?: string | null;
}

@ArgsType()
class CommunityAuditLogArgs extends AuditLogArgs {
  @Field(() => ID) communityId!: CommunityId;
}

@Resolver(() => AuditEntry)
export class AuditResolver {
  @Authorized()
  @Query(() => AuditEntryConnection, {
    description: "A community's privileged acts, the newest first; for owners and administrators.",
  })
  async communityAuditLog(
    @Context() ctx: Ctx,
    @Args(() => CommunityAuditLogArgs) { communityId, ...args }: CommunityAuditLogArgs,
  ): Promise<Connection<AuditEntry>> {
    const own = isId(communityId) ? await load(ctx, viewerMembers, communityId) : null;
    if (!may(own?.role ?? null, 'audit.read')) throw forbidden();
    return page(ctx, communityId, args);
  }

  @Authorized()
  @Query(() => AuditEntryConnection, {
    description: "What was done to the caller's own account, the newest first.",
  })
  myAuditLog(
    @Context() ctx: Ctx,
    @Args(() => AuditLogArgs) args: AuditLogArgs,
  ): Promise<Connection<AuditEntry>> {
    return page(ctx, requireUser(ctx).accountId, args);
  }

  @FieldResolver(() => Account, { nullable: true, description: 'Null for what a clock did.' })
  actor(@Context() ctx: Ctx, @Root() { actorId }: AuditEntry): Promise<Account | null> | null {
    return actorId === null ? null : load(ctx, accountsById, actorId);
  }
}

const page = async (
  ctx: Ctx,
  chain: string,
  { action, ...args }: AuditLogArgs,
): Promise<Connection<AuditEntry>> => {
  if (action != null && !(action in auditActions))
    throw badInput('"action" is not a kind of act.', { field: 'action' });
  const { first, after } = parsePage('auditLog', args);
  const parsed = after === null ? null : position.safeParse(after);
  if (parsed?.success === false) throw badInput('"after" is not a cursor of this list.');
  const entries = await auditPage(ctx.db, {
    chain,
    first,
    after: parsed?.data[0] ?? null,
    action: action ?? null,
  });
  return toConnection(entries, {
    list: 'auditLog',
    first,
    positionOf: (entry) => [entry.position],
  });
};
