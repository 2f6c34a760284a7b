import { isId, may, newId, type AccountId, type CommunityId } from '@lyceum/contracts';
import { badInput, forbidden, requireUser, UserError, type Ctx } from '@lyceum/platform';
import { randomBytes } from 'node:crypto';
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { accountCase, type AccountTx } from '../account-case';
import { Account } from '../accounts/account.entity';
import { CommunityNotFound } from '../communities/community.errors';
import { lockCommunity } from '../communities/community.queries';
import { spend } from '../limits';
import { MemberStatus, Role } from '../memberships/member.entity';
import { memberOf, ownRole } from '../memberships/member.queries';
import { admit, changeMember } from '../memberships/member.writes';
import { parseLine } from '../text';
import {
  createToken,
  NewPersonalToken,
  readOnlyScopes,
  TokenScope,
  TooManyTokens,
} from './create-token';

@InputType({ description: 'An account for a program that reads, as an analyst of the community.' })
export class CreateServiceAccountInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => String, { description: 'At most 80 characters.' }) name!: string;
}

export const CreateServiceAccountResult = createUnionType({
  name: 'CreateServiceAccountResult',
  types: () => [Account, CommunityNotFound] as const,
});
export type CreateServiceAccountOutcome = Account | CommunityNotFound;

/** Nobody can log in to it, and its tokens only read. For owners and administrators. */
export const createServiceAccount = async (
  ctx: Ctx,
  input: CreateServiceAccountInput,
): Promise<CreateServiceAccountOutcome> => {
  await spend(ctx, 'token', requireUser(ctx).accountId);
  return create(ctx, input);
};

const create = accountCase(
  async (
    tx,
    { communityId, name }: CreateServiceAccountInput,
  ): Promise<CreateServiceAccountOutcome> => {
    const displayName = parseLine('name', name, { max: 80 });
    const community = isId(communityId) ? await lockCommunity(tx, communityId) : null;
    if (community === null) return new CommunityNotFound();
    if (!may(await ownRole(tx, communityId), 'members.add')) throw forbidden();

    const accountId = newId<'Account'>();
    await tx.db.insert(Account, {
      id: accountId,
      handle: `svc-${randomBytes(8).toString('hex')}`,
      displayName,
      createdAt: tx.now,
    });
    await tx.db.query(
      'INSERT INTO service_account (account_id, community_id, created_at) VALUES ($1, $2, $3)',
      [accountId, communityId, tx.now],
    );
    await admit(tx, { accountId, communityId, role: Role.ANALYST });
    await tx.audit('token.created', accountId);
    return tx.db.findOneByOrFail(Account, { id: accountId });
  },
);

@ObjectType({
  implements: UserError,
  description: 'There is none, or the caller does not run its community.',
})
export class ServiceAccountNotFound extends UserError {
  readonly code = 'SERVICE_ACCOUNT_NOT_FOUND' as const;
  readonly message = 'There is no such service account.';
}

@InputType()
export class CreateServiceTokenInput {
  @Field(() => ID) serviceAccountId!: AccountId;
  @Field(() => String, { description: 'What it is for; at most 80 characters.' }) name!: string;
  @Field(() => [TokenScope], { description: '`READ`, `ANALYTICS_READ` and `MONEY_READ` alone.' })
  scopes!: readonly TokenScope[];
  @Field(() => Int, { description: '1 to 366.' }) expiresInDays!: number;
}

export const CreateServiceTokenResult = createUnionType({
  name: 'CreateServiceTokenResult',
  types: () => [NewPersonalToken, ServiceAccountNotFound, TooManyTokens] as const,
});
export type CreateServiceTokenOutcome = NewPersonalToken | ServiceAccountNotFound | TooManyTokens;

export const createServiceToken = accountCase(
  async (tx, input: CreateServiceTokenInput): Promise<CreateServiceTokenOutcome> => {
    const { accountId: createdBy } = requireUser(tx);
    const { serviceAccountId } = input;
    if ((await managedCommunity(tx, serviceAccountId)) === null)
      return new ServiceAccountNotFound();
    if (!input.scopes.every((scope) => readOnlyScopes.includes(scope)))
      throw badInput('Service accounts only read.', { field: 'scopes' });
    return createToken(tx, { accountId: serviceAccountId, createdBy }, input);
  },
);

export const DeleteServiceAccountResult = createUnionType({
  name: 'DeleteServiceAccountResult',
  types: () => [Account, ServiceAccountNotFound] as const,
});
export type DeleteServiceAccountOutcome = Account | ServiceAccountNotFound;

/** Ends it for good: its tokens are refused, and it is no member any more. */
export const deleteServiceAccount = accountCase(
  async (
    tx,
    { serviceAccountId }: { serviceAccountId: AccountId },
  ): Promise<DeleteServiceAccountOutcome> => {
    const communityId = await managedCommunity(tx, serviceAccountId);
    if (communityId === null) return new ServiceAccountNotFound();
    await tx.endTokens(serviceAccountId);
    const member = await memberOf(tx.db, { communityId, accountId: serviceAccountId });
    if (member !== null) await changeMember(tx, member, { status: MemberStatus.LEFT });
    await tx.db.query('UPDATE account SET deactivated_at = $2 WHERE id = $1', [
      serviceAccountId,
      tx.now,
    ]);
    await tx.db.query('DELETE FROM service_account WHERE account_id = $1', [serviceAccountId]);
    await tx.audit('token.revoked', serviceAccountId);
    return tx.db.findOneByOrFail(Account, { id: serviceAccountId });
  },
);

/** The community of this service account, locked, if the caller runs it. */
const managedCommunity = async (
  tx: AccountTx,
  serviceAccountId: AccountId,
): Promise<CommunityId | null> => {
  if (!isId(serviceAccountId)) return null;
  const [found] = await tx.db.query<{ communityId: CommunityId }[]>(
    'SELECT community_id AS "communityId" FROM service_account WHERE account_id = $1',
    [serviceAccountId],
  );
  if (found === undefined) return null;
  await lockCommunity(tx, found.communityId);
  return may(await ownRole(tx, found.communityId), 'members.add') ? found.communityId : null;
};

/** Those of a community, for who runs it; empty for others. 100 at most. */
export const serviceAccountsOf = async (
  ctx: Ctx,
  communityId: CommunityId,
): Promise<readonly Account[]> => {
  const { accountId } = requireUser(ctx);
  if (!isId(communityId)) return [];
  const own = await memberOf(ctx.db, { communityId, accountId });
  if (own?.status !== MemberStatus.ACTIVE || !may(own.role, 'members.add')) return [];
  return ctx.db
    .createQueryBuilder(Account, 'account')
    .where(
      'account.id IN (SELECT account_id FROM service_account WHERE community_id = :communityId)',
      { communityId },
    )
    .orderBy('account.id')
    .take(100)
    .getMany();
};
