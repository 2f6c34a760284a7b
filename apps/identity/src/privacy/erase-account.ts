import { ErasureRequested, newId, type AccountId } from '@lyceum/contracts';
import { badInput, erasePerson, requireUser, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createHash, randomBytes } from 'node:crypto';
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql';
import { accountCase } from '../account-case';
import { requireAccount } from '../accounts/account.queries';
import { isOwnPassword, WrongPassword } from '../accounts/passwords';
import { recordAudit } from '../audit/record-audit';
import { MemberStatus, Role } from '../memberships/member.entity';
import { memberById } from '../memberships/member.queries';
import { changeMember } from '../memberships/member.writes';
import { Erasure, erasureById } from './erasure.queries';
import { personalTables, personOf } from './personal-data';

@InputType({ description: 'Proof that it is meant.' })
export class EraseMyAccountInput {
  @Field(() => String, { description: "The caller's own handle, typed once more." })
  handle!: string;
  @Field(() => String, { nullable: true, description: 'For accounts that have a password.' })
  password?: string | null;
}

@ObjectType({
  implements: UserError,
  description: 'Communities would be left without an owner: hand them over, or archive them.',
})
export class StillOwnsCommunities extends UserError {
  readonly code = 'STILL_OWNS_COMMUNITIES' as const;
  readonly message = 'You are the only owner of communities: hand them over or archive them first.';
  @Field(() => [String]) readonly slugs: readonly string[];
  constructor(slugs: readonly string[]) {
    super();
    this.slugs = slugs;
  }
}

@ObjectType({ description: 'An erasure that was begun, and what to ask after it with.' })
export class ErasureBegun {
  @Field(() => Erasure) erasure!: Erasure;
  @Field(() => String, {
    description: 'Keep it: it is the only way to ask `erasure` when the account is gone.',
  })
  receipt!: string;
}

export const EraseMyAccountResult = createUnionType({
  name: 'EraseMyAccountResult',
  types: () => [ErasureBegun, WrongPassword, StillOwnsCommunities] as const,
});
export type EraseMyAccountOutcome = ErasureBegun | WrongPassword | StillOwnsCommunities;

export const eraseMyAccount = async (
  ctx: Ctx,
  { handle, password }: EraseMyAccountInput,
): Promise<EraseMyAccountOutcome> => {
  const { accountId } = requireUser(ctx);
  const [account] = await ctx.db.query<{ handle: string; hasPassword: boolean }[]>(
    'SELECT handle, password_hash IS NOT NULL AS "hasPassword" FROM account WHERE id = $1',
    [accountId],
  );
  if (account?.handle !== handle)
    throw badInput('"handle" is not your handle.', { field: 'handle' });
  if (account.hasPassword && !(await isOwnPassword(ctx, accountId, password ?? '')))
    return new WrongPassword();
  return erase(ctx, null);
};

/** Identity's own part is done at once; the others hear of it, and answer with receipts. */
const erase = accountCase(async (tx, _: null): Promise<EraseMyAccountOutcome> => {
  const accountId = await requireAccount(tx);
  await tx.db.query('SELECT FROM account WHERE id = $1 FOR NO KEY UPDATE', [accountId]);
  const slugs = await ownedAlone(tx, accountId);
  if (slugs.length > 0) return new StillOwnsCommunities(slugs);

  const person = await personOf(tx.db, accountId);
  await leaveAll(tx, person.memberIds);
  await tx.endSessions(accountId, { because: 'deactivated' });
  await tx.endTokens(accountId);
  const receipt = randomBytes(32).toString('base64url');
  const erasureId = newId<'Erasure'>();
  await tx.db.query(
    'INSERT INTO erasure (id, account_id, receipt_hash, requested_at) VALUES ($1, $2, $3, $4)',
    [erasureId, accountId, hashOfReceipt(receipt), tx.now],
  );
  await recordAudit(tx, {
    action: 'privacy.erasure-requested',
    communityId: null,
    subject: { type: 'Account', id: accountId },
  });
  const tables = await erasePerson(tx.db, await personalTables(tx.db), person);
  await tx.db.query(
    `INSERT INTO erasure_part (erasure_id, part, tables, erased_at) VALUES ($1, 'identity', $2, $3)`,
    [erasureId, JSON.stringify(tables), tx.now],
  );
  await tx.emit(ErasureRequested, {
    erasureId,
    accountId,
    memberIds: [...person.memberIds],
  });
  const erasure = await erasureById(tx.db, erasureId);
  return Object.assign(new ErasureBegun(), { erasure, receipt });
});

export const hashOfReceipt = (receipt: string): string =>
  createHash('sha256').update(receipt).digest('hex');

/** Communities that are alive and have no other owner; locked, so that the other one does not leave meanwhile. */
const ownedAlone = async (tx: Tx, accountId: AccountId): Promise<readonly string[]> => {
  const rows = await tx.db.query<{ id: string }[]>(
    `SELECT c.id FROM community AS c JOIN member AS m ON m.community_id = c.id
     WHERE m.account_id = $1 AND m.status = 'active' ORDER BY c.id FOR NO KEY UPDATE OF c`,
    [accountId],
  );
  const alone = await tx.db.query<{ slug: string }[]>(
    `SELECT c.slug FROM community AS c JOIN member AS m ON m.community_id = c.id
     WHERE c.id = ANY($2) AND c.archived_at IS NULL AND m.account_id = $1 AND m.status = 'active' AND m.role = 'owner'
       AND NOT EXISTS (SELECT FROM member AS o WHERE o.community_id = c.id AND o.role = 'owner'
         AND o.status = 'active' AND o.account_id <> $1) ORDER BY c.slug`,
    [accountId, rows.map(({ id }) => id)],
  );
  return alone.map(({ slug }) => slug);
};

const leaveAll = async (tx: Tx, memberIds: readonly Parameters<typeof memberById>[1][]) => {
  for (const id of memberIds) {
    const member = await memberById(tx.db, id);
    if (member?.status === MemberStatus.ACTIVE)
      await changeMember(tx, member, { status: MemberStatus.LEFT, role: Role.MEMBER });
  }
};
