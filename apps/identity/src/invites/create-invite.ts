import { isId, may, newId, type CommunityId, type RoleName } from '@lyceum/contracts';
import { badInput, forbidden, requireUser, useCase, type Ctx } from '@lyceum/platform';
import assert from 'node:assert';
import { randomBytes } from 'node:crypto';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import { recordAudit } from '../audit/record-audit';
import { CommunityVisibility, type Community } from '../communities/community.entity';
import { CommunityInArchive, CommunityNotFound } from '../communities/community.errors';
import { lockCommunity } from '../communities/community.queries';
import { spend } from '../limits';
import { ownRole } from '../memberships/member.queries';
import { inviteById } from './invite.queries';
import { Invite, InviteNotFound } from './invite.type';

@InputType({ description: 'A new invite code.' })
export class CreateInviteInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => Int, { defaultValue: 1, description: '1 to 10,000.' }) maxUses!: number;
  @Field(() => Int, { defaultValue: 7, description: '1 to 365.' }) daysValid!: number;
}

export const CreateInviteResult = createUnionType({
  name: 'CreateInviteResult',
  types: () => [Invite, CommunityNotFound, CommunityInArchive] as const,
});
export type CreateInviteOutcome = Invite | CommunityNotFound | CommunityInArchive;

const day = 86_400_000;

/** Members invite to what everyone may join; who is trusted, also to what not everyone may. */
export const createInvite = async (
  ctx: Ctx,
  input: CreateInviteInput,
): Promise<CreateInviteOutcome> => {
  await spend(ctx, 'invite', requireUser(ctx).accountId);
  return create(ctx, input);
};

const create = useCase(async (tx, input: CreateInviteInput): Promise<CreateInviteOutcome> => {
  const { communityId, maxUses, daysValid } = input;
  const community = isId(communityId) ? await lockCommunity(tx, communityId) : null;
  if (community === null) return new CommunityNotFound();
  if (!mayInvite(await ownRole(tx, communityId), community)) throw forbidden();
  if (community.archivedAt !== null) return new CommunityInArchive();
  if (maxUses < 1 || maxUses > 10_000)
    throw badInput('"maxUses" must be 1 to 10,000.', { field: 'maxUses' });
  if (daysValid < 1 || daysValid > 365)
    throw badInput('"daysValid" must be 1 to 365.', { field: 'daysValid' });

  const id = newId<'Invite'>();
  const expiresAt = new Date(tx.now.getTime() + daysValid * day);
  await tx.db.query(
    `INSERT INTO invite (id, community_id, inviter_id, code, max_uses, created_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, communityId, requireUser(tx).accountId, newCode(), maxUses, tx.now, expiresAt],
  );
  await recordAudit(tx, {
    action: 'invite.created',
    communityId,
    subject: { type: 'Invite', id },
    details: { maxUses: String(maxUses), expiresAt: expiresAt.toISOString() },
  });
  const invite = await inviteById(tx.db, id);
  assert(invite !== null, 'the invite was just written');
  return invite;
});

const mayInvite = (role: RoleName | null, { visibility }: Community): boolean =>
  visibility === CommunityVisibility.PUBLIC ? role !== null : may(role, 'members.invite');

/** 80 bits: nobody guesses one. */
const newCode = (): string => randomBytes(10).toString('base64url');

@InputType({ description: 'Which invite is to work no longer.' })
export class RevokeInviteInput {
  @Field(() => ID) inviteId!: string;
}

export const RevokeInviteResult = createUnionType({
  name: 'RevokeInviteResult',
  types: () => [Invite, InviteNotFound] as const,
});
export type RevokeInviteOutcome = Invite | InviteNotFound;

/** By who made it, and by owners and administrators. */
export const revokeInvite = useCase(
  async (tx, { inviteId }: RevokeInviteInput): Promise<RevokeInviteOutcome> => {
    const invite = await inviteById(tx.db, inviteId);
    if (invite === null) return new InviteNotFound();
    const isOwn = invite.inviterId === requireUser(tx).accountId;
    if (!isOwn && !may(await ownRole(tx, invite.communityId), 'invites.manage')) throw forbidden();
    if (invite.revokedAt !== null) return invite;

    invite.revokedAt = tx.now;
    await tx.db.query('UPDATE invite SET revoked_at = $2 WHERE id = $1', [invite.id, tx.now]);
    await recordAudit(tx, {
      action: 'invite.revoked',
      communityId: invite.communityId,
      subject: { type: 'Invite', id: invite.id },
    });
    return invite;
  },
);
