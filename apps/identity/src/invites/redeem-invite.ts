import { MemberReferred, newId, type AccountId } from '@lyceum/contracts';
import { requireUser, useCase, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, InputType } from 'type-graphql';
import { requireAccount } from '../accounts/account.queries';
import { CommunityInArchive } from '../communities/community.errors';
import { lockCommunityUnseen } from '../communities/community.queries';
import { spend } from '../limits';
import { endBanInTime } from '../memberships/ban-member';
import { Member, MemberStatus, Role } from '../memberships/member.entity';
import { MemberBanned } from '../memberships/member.errors';
import { memberOf } from '../memberships/member.queries';
import { admit, changeMember } from '../memberships/member.writes';
import { inviteByCode } from './invite.queries';
import { InviteExpired, InviteNotFound, InviteUsedUp, OwnInvite, type Invite } from './invite.type';
import { normalisedEmail } from './normalised-email';

@InputType({ description: 'The code one was given.' })
export class RedeemInviteInput {
  @Field(() => String) code!: string;
}

export const RedeemInviteResult = createUnionType({
  name: 'RedeemInviteResult',
  types: () =>
    [
      Member,
      InviteNotFound,
      InviteExpired,
      InviteUsedUp,
      OwnInvite,
      MemberBanned,
      CommunityInArchive,
    ] as const,
});
export type RedeemInviteOutcome =
  | Member
  | InviteNotFound
  | InviteExpired
  | InviteUsedUp
  | OwnInvite
  | MemberBanned
  | CommunityInArchive;

/** The way into a community of any visibility. Who is a member already uses nothing up. */
export const redeemInvite = async (
  ctx: Ctx,
  { code }: RedeemInviteInput,
): Promise<RedeemInviteOutcome> => {
  await spend(ctx, 'redeemInvite', requireUser(ctx).accountId);
  return /^[\w-]{8,64}$/.test(code) ? redeem(ctx, code) : new InviteNotFound();
};

const redeem = useCase(async (tx, code: string): Promise<RedeemInviteOutcome> => {
  const accountId = await requireAccount(tx);
  const invite = await inviteByCode(tx.db, code);
  if (invite === null || invite.revokedAt !== null) return new InviteNotFound();
  const { communityId } = invite;
  const community = await lockCommunityUnseen(tx, communityId);
  const known = await memberOf(tx.db, { communityId, accountId });
  if (known?.status === MemberStatus.ACTIVE) return known;
  if (invite.expiresAt <= tx.now) return new InviteExpired();
  if (community.archivedAt !== null) return new CommunityInArchive();
  if (await isSamePerson(tx, invite.inviterId, accountId)) return new OwnInvite();
  const member = known === null ? null : await endBanInTime(tx, known);
  if (member?.status === MemberStatus.BANNED) return new MemberBanned();
  if (!(await takeUse(tx, invite))) return new InviteUsedUp();

  if (member !== null) return changeMember(tx, member, { status: MemberStatus.ACTIVE });
  const admitted = await admit(tx, { accountId, communityId, role: Role.MEMBER });
  const inviteUseId = newId<'InviteUse'>();
  await tx.db.query(
    `INSERT INTO invite_use (id, invite_id, community_id, inviter_id, member_id, used_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [inviteUseId, invite.id, communityId, invite.inviterId, admitted.id, tx.now],
  );
  const inviter = await memberOf(tx.db, { communityId, accountId: invite.inviterId });
  if (inviter?.status === MemberStatus.ACTIVE)
    await tx.emit(MemberReferred, {
      ...{ communityId, inviteUseId, inviterId: inviter.id, inviterAccountId: inviter.accountId },
      ...{ inviteeId: admitted.id, inviteeAccountId: accountId },
    });
  return admitted;
});

/** One use less; false when there was none left, or the invite was revoked meanwhile. */
const takeUse = async (tx: Tx, { id }: Invite): Promise<boolean> => {
  const [, taken] = await tx.db.query<[unknown, number]>(
    'UPDATE invite SET uses = uses + 1 WHERE id = $1 AND uses < max_uses AND revoked_at IS NULL',
    [id],
  );
  return taken > 0;
};

const isSamePerson = async (tx: Tx, a: AccountId, b: AccountId): Promise<boolean> => {
  if (a === b) return true;
  const rows = await tx.db.query<{ email: string }[]>(
    'SELECT email FROM account WHERE id = ANY($1) AND email IS NOT NULL',
    [[a, b]],
  );
  const [first, second] = rows.map(({ email }) => normalisedEmail(email));
  return first !== undefined && first === second;
};
