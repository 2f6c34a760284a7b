import { newId, type MemberId } from '@lyceum/contracts';
import { badInput, forbidden, requireUser, useCase, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { recordAudit } from '../audit/record-audit';
import { parsePlainText } from '../text';
import { isBanOver } from './ban.queries';
import { Member, MemberStatus, Role } from './member.entity';
import { MemberNotFound } from './member.errors';
import { ownRole } from './member.queries';
import { changeMember, lockMember } from './member.writes';
import { mayBan } from './rights';

@InputType({ description: 'Which member of a community.' })
export class BanMemberInput {
  @Field(() => ID) memberId!: MemberId;
  @Field(() => String, { nullable: true, description: 'Why; at most 1000 characters.' })
  reason?: string | null;
  @Field(() => Date, {
    nullable: true,
    description: 'When a ban ends by itself, in the future; not for lifting one.',
  })
  endsAt?: Date | null;
}

export const BanMemberResult = createUnionType({
  name: 'BanMemberResult',
  types: () => [Member, MemberNotFound] as const,
});
export type BanMemberOutcome = Member | MemberNotFound;

/** Nobody can ban who has as high a role, so neither oneself. Who has left can be kept from coming back. */
export const banMember = useCase(async (tx, input: BanMemberInput): Promise<BanMemberOutcome> => {
  const member = await lockMember(tx, input.memberId);
  if (member === null) return new MemberNotFound();
  if (!mayBan(await ownRole(tx, member.communityId), member.role)) throw forbidden();
  if (member.status === MemberStatus.BANNED) return member;

  const reason = parsePlainText('reason', input.reason ?? '', { max: 1_000 });
  const endsAt = input.endsAt ?? null;
  if (endsAt !== null && endsAt <= tx.now)
    throw badInput('"endsAt" must be in the future.', { field: 'endsAt' });
  await tx.db.query(
    `INSERT INTO ban (id, member_id, reason, banned_by, banned_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6)`,
    [newId<'Ban'>(), member.id, reason, requireUser(tx).accountId, tx.now, endsAt],
  );
  await recordAudit(tx, {
    action: 'member.banned',
    communityId: member.communityId,
    subject: { type: 'Member', id: member.id },
    reason,
    details: { role: member.role, ...(endsAt === null ? {} : { endsAt: endsAt.toISOString() }) },
  });
  return changeMember(tx, member, { status: MemberStatus.BANNED, role: Role.MEMBER });
});

/** The account may join again; it is not joined by others. */
export const liftBan = useCase(async (tx, input: BanMemberInput): Promise<BanMemberOutcome> => {
  const member = await lockMember(tx, input.memberId);
  if (member === null) return new MemberNotFound();
  if (!mayBan(await ownRole(tx, member.communityId), member.role)) throw forbidden();
  if (input.endsAt != null) throw badInput('"endsAt" is for bans.', { field: 'endsAt' });
  if (member.status !== MemberStatus.BANNED) return member;

  return endBan(tx, member, parsePlainText('reason', input.reason ?? '', { max: 1_000 }));
});

/** Ends a ban whose time is over, when nobody has yet: by the job, or by who comes back before it ran. */
export const endBanInTime = async (tx: Tx, member: Member): Promise<Member> => {
  const isDue =
    member.status === MemberStatus.BANNED &&
    (await isBanOver(tx.db, { memberId: member.id, now: tx.now }));
  return isDue ? endBan(tx, member, null) : member;
};

const endBan = async (tx: Tx, member: Member, reason: string | null): Promise<Member> => {
  await tx.db.query('UPDATE ban SET ended_at = $2 WHERE member_id = $1 AND ended_at IS NULL', [
    member.id,
    tx.now,
  ]);
  await recordAudit(tx, {
    action: 'member.ban-lifted',
    communityId: member.communityId,
    subject: { type: 'Member', id: member.id },
    reason,
    details: { by: reason === null ? 'time' : 'decision' },
  });
  return changeMember(tx, member, { status: MemberStatus.LEFT });
};
