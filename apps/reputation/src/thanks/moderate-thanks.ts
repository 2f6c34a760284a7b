import { isId, may, ThanksRemoved } from '@lyceum/contracts';
import { useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { actingMember, learnActingMember, NotCommunityMember } from '../communities/acting-member';
import { Thanks, ThanksInvalid, ThanksNotFound, thanksById, type ThanksId } from './thanks.types';

@InputType()
export class RemoveThanksInput {
  @Field(() => ID) thanksId!: ThanksId;
  @Field(() => String, { nullable: true, description: 'For the staff, who must say why.' })
  reason?: string | null;
}

@InputType()
export class ReportThanksInput {
  @Field(() => ID) thanksId!: ThanksId;
  @Field(() => String, { description: '3 to 500 characters, for the staff.' }) reason!: string;
}

export const RemoveThanksResult = createUnionType({
  name: 'RemoveThanksResult',
  types: () => [Thanks, ThanksNotFound, ThanksInvalid] as const,
});
export const ReportThanksResult = createUnionType({
  name: 'ReportThanksResult',
  types: () => [Thanks, ThanksNotFound, ThanksInvalid, NotCommunityMember] as const,
});

const isReason = (text: string): boolean => text.length >= 3 && text.length <= 500;

const learnMemberOf = async (ctx: Ctx, id: ThanksId): Promise<void> => {
  const thanks = isId(id) ? await thanksById(ctx.db, id) : null;
  if (thanks !== null) await learnActingMember(ctx, thanks.communityId);
};

/** Takes a note out: its giver, or the staff with a reason. Twice is once. */
export const removeThanks = async (
  ctx: Ctx,
  input: RemoveThanksInput,
): Promise<typeof RemoveThanksResult> => {
  await learnMemberOf(ctx, input.thanksId);
  return remove(ctx, input);
};

const remove = useCase(
  async (tx, { thanksId, reason }: RemoveThanksInput): Promise<typeof RemoveThanksResult> => {
    const thanks = isId(thanksId) ? await thanksById(tx.db, thanksId) : null;
    const member = thanks && (await actingMember(tx, thanks.communityId));
    if (thanks === null || member === null) return new ThanksNotFound();
    const isOwn = thanks.giverId === member.memberId;
    if (!isOwn && !may(member.role, 'thanks.moderate')) return new ThanksNotFound();
    if (thanks.removedAt !== null) return thanks;
    const because = reason?.trim() ?? '';
    if (!isOwn && !isReason(because)) return new ThanksInvalid('Say why, in 3 to 500 characters.');
    await tx.db.query(
      `UPDATE thanks SET removed_at = $2, removed_by = $3, removed_because = $4 WHERE id = $1 AND removed_at IS NULL`,
      [thanks.id, tx.now, member.memberId, isOwn ? null : because],
    );
    const { communityId, giverId, receiverId } = thanks;
    await tx.emit(ThanksRemoved, { thanksId, communityId, giverId, receiverId });
    return (await thanksById(tx.db, thanks.id)) ?? new ThanksNotFound();
  },
);

/** Points the staff to a note; a member does it once for each. */
export const reportThanks = async (
  ctx: Ctx,
  input: ReportThanksInput,
): Promise<typeof ReportThanksResult> => {
  await learnMemberOf(ctx, input.thanksId);
  return report(ctx, input);
};

const report = useCase(
  async (tx, { thanksId, reason }: ReportThanksInput): Promise<typeof ReportThanksResult> => {
    const thanks = isId(thanksId) ? await thanksById(tx.db, thanksId) : null;
    if (thanks === null || thanks.removedAt !== null) return new ThanksNotFound();
    const member = await actingMember(tx, thanks.communityId);
    if (member === null) return new NotCommunityMember();
    if (!isReason(reason.trim())) return new ThanksInvalid('Say why, in 3 to 500 characters.');
    await tx.db.query(
      `INSERT INTO thanks_report (thanks_id, reporter_id, community_id, reason, reported_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (thanks_id, reporter_id) DO UPDATE SET reason = excluded.reason`,
      [thanks.id, member.memberId, thanks.communityId, reason.trim(), tx.now],
    );
    return (await thanksById(tx.db, thanks.id)) ?? new ThanksNotFound();
  },
);
