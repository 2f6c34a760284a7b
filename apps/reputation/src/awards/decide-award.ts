import { isId, newId, staffRoles, type MemberId } from '@lyceum/contracts';
import { useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import {
  actingMember,
  learnActingMember,
  mayAdminister,
  NotCommunityAdmin,
} from '../communities/acting-member';
import { GiftSoldOut } from '../gifts/gift.types';
import { query } from '../sql';
import { awardById, programById, selectWinners } from './award.queries';
import {
  Award,
  AwardDecided,
  AwardInvalid,
  AwardNotFound,
  AwardPoolTooSmall,
  OwnAward,
  type AwardId,
  type AwardProgram,
  type AwardWinner,
} from './award.types';
import { giveAward } from './give-award';

@InputType()
export class DecideAwardInput {
  @Field(() => ID) awardId!: AwardId;
  @Field(() => Boolean) isApproved!: boolean;
  @Field(() => String, { nullable: true, description: 'For members, at most 1000 characters.' })
  note?: string | null;
  @Field(() => [ID], {
    nullable: true,
    description:
      'Who gets it: of those proposed, all by default; of an award by choice the chosen, the first place first.',
  })
  winners?: MemberId[] | null;
}

export const DecideAwardResult = createUnionType({
  name: 'DecideAwardResult',
  types: () =>
    [
      Award,
      AwardNotFound,
      AwardInvalid,
      AwardDecided,
      OwnAward,
      AwardPoolTooSmall,
      GiftSoldOut,
      NotCommunityAdmin,
    ] as const,
});
type Result = Promise<typeof DecideAwardResult>;

/** Gives what was proposed, or refuses it. The same decision again changes nothing. */
export const decideAward = async (ctx: Ctx, input: DecideAwardInput): Result => {
  const award = isId(input.awardId) ? await awardById(ctx.db, input.awardId) : null;
  if (award !== null) await learnActingMember(ctx, award.communityId);
  return decide(ctx, input);
};

const decide = useCase(async (tx, input: DecideAwardInput): Result => {
  const award = isId(input.awardId) ? await awardById(tx.db, input.awardId, 'FOR UPDATE') : null;
  const program = award && (await programById(tx.db, award.programId, 'FOR UPDATE'));
  if (award === null || program === null) return new AwardNotFound();
  const admin = await actingMember(tx, award.communityId);
  if (admin === null || !mayAdminister(admin)) return new NotCommunityAdmin();
  const status = input.isApproved ? 'approved' : 'refused';
  if (award.status === status) return award;
  if (award.status !== 'proposed') return new AwardDecided(award.status);
  const note = input.note?.trim() ?? '';
  if (note.length > 1_000) return new AwardInvalid('A note has at most 1000 characters.');

  if (input.isApproved) {
    const winners = await winnersOf(tx, { award, program, chosen: input.winners ?? null });
    if (winners instanceof UserError) return winners;
    if (winners.some(({ memberId }) => memberId === admin.memberId)) return new OwnAward();
    const refusal = await giveAward(tx, program, winners);
    if (refusal !== null) return refusal;
  }
  await tx.db.query(
    'UPDATE award SET status = $2, decided_by = $3, decided_at = $4, note = $5 WHERE id = $1',
    [award.id, status, admin.memberId, tx.now, note === '' ? null : note],
  );
  return (await awardById(tx.db, award.id)) ?? new AwardNotFound();
});

interface Approval {
  readonly award: Award;
  readonly program: AwardProgram;
  readonly chosen: readonly MemberId[] | null;
}

/** Who gets it; who was proposed and is passed over is written down. */
const winnersOf = async (
  tx: Tx,
  approval: Approval,
): Promise<readonly AwardWinner[] | AwardInvalid> => {
  const { award, program, chosen } = approval;
  if (program.stoppedAt !== null && program.currency !== null)
    return new AwardInvalid('These awards were stopped, and their money went back.');
  if (program.givenFor === 'choice') {
    const problem = await writeChosen(tx, approval);
    if (problem !== null) return new AwardInvalid(problem);
  } else if (chosen !== null) {
    await tx.db.query(
      'UPDATE award_winner SET is_left_out = (member_id <> ALL($2::uuid[])) WHERE award_id = $1',
      [award.id, chosen.filter((id) => isId(id))],
    );
  }
  const winners = await selectWinners(tx.db, 'award_id = $1 AND NOT is_left_out ORDER BY place', [
    award.id,
  ]);
  const isWhole = chosen === null || chosen.length === winners.length;
  return winners.length > 0 && isWhole
    ? winners
    : new AwardInvalid('Name at least one, of those who were proposed.');
};

const writeChosen = async (
  tx: Tx,
  { award, program, chosen }: Approval,
): Promise<string | null> => {
  const ids = [...new Set(chosen)].filter((id) => isId(id));
  const { amounts, excludesStaff, communityId } = program;
  if (ids.length === 0 || ids.length > amounts.length)
    return `Choose 1 to ${String(amounts.length)} members.`;
  const able = await query(
    tx.db,
    `SELECT FROM member_standing WHERE community_id = $1 AND status = 'active' AND member_id = ANY($2)
       AND NOT ($3 AND role = ANY($4))`,
    [communityId, ids, excludesStaff, staffRoles],
  );
  if (able.length !== ids.length) return 'Choose active members who can have it.';
  const rows = ids.map((memberId, index) => ({
    ...{ id: newId(), member_id: memberId, place: index + 1 },
    amount: program.giftId === null ? amounts[index] : null,
  }));
  await tx.db.query(
    `INSERT INTO award_winner (id, award_id, member_id, place, figure, reason, amount)
     SELECT id, $1, member_id, place, 0, $3, amount FROM json_to_recordset($2::json)
       AS winner (id uuid, member_id uuid, place int, amount bigint)`,
    [award.id, JSON.stringify(rows), `Chosen for ${award.month.slice(0, 7)}`],
  );
  return null;
};
