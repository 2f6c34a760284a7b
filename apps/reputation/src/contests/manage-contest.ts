import { ContestChanged, isId, type MemberId } from '@lyceum/contracts';
import { useCase, UserError, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import {
  actingMember,
  learnActingMember,
  mayAdminister,
  NotCommunityAdmin,
} from '../communities/acting-member';
import { query } from '../sql';
import { ContestInvalid, ContestNotFound, ContestNotThere, EntrantIsJuror } from './contest.errors';
import { contestById } from './contest.queries';
import { Contest, type ContestId } from './contest.types';
import { callOff } from './end-contest';

@InputType()
export class AnnounceContestInput {
  @Field(() => ID) contestId!: ContestId;
}

@InputType()
export class CancelContestInput {
  @Field(() => ID) contestId!: ContestId;
  @Field(() => String, { description: 'For members: 3 to 1000 characters.' }) reason!: string;
}

@InputType()
export class SetContestJuryInput {
  @Field(() => ID) contestId!: ContestId;
  @Field(() => [ID], {
    description: 'All jurors; scores of those who no longer are one count no more.',
  })
  memberIds!: MemberId[];
}

export const AnnounceContestResult = createUnionType({
  name: 'AnnounceContestResult',
  types: () =>
    [Contest, ContestNotFound, ContestNotThere, ContestInvalid, NotCommunityAdmin] as const,
});
export const CancelContestResult = createUnionType({
  name: 'CancelContestResult',
  types: () =>
    [Contest, ContestNotFound, ContestNotThere, ContestInvalid, NotCommunityAdmin] as const,
});
export const SetContestJuryResult = createUnionType({
  name: 'SetContestJuryResult',
  types: () =>
    [
      Contest,
      ContestNotFound,
      ContestNotThere,
      ContestInvalid,
      EntrantIsJuror,
      NotCommunityAdmin,
    ] as const,
});

/** From now on members see it and its terms stand; it opens by the clock. Twice is once. */
export const announceContest = (
  ctx: Ctx,
  input: AnnounceContestInput,
): Promise<typeof AnnounceContestResult> => asAdmin(ctx, input, announce);

/** Calls a contest off that is not decided. Twice is once. */
export const cancelContest = (
  ctx: Ctx,
  input: CancelContestInput,
): Promise<typeof CancelContestResult> => asAdmin(ctx, input, cancel);

export const setContestJury = (
  ctx: Ctx,
  input: SetContestJuryInput,
): Promise<typeof SetContestJuryResult> => asAdmin(ctx, input, setJury);

type Refusal = ContestNotFound | NotCommunityAdmin;

/** Asks identity about the actor before the transaction, if it must. */
const asAdmin = async <Input extends { contestId: ContestId }, Outcome>(
  ctx: Ctx,
  input: Input,
  run: (ctx: Ctx, input: Input) => Promise<Outcome>,
): Promise<Outcome | Refusal> => {
  const contest = isId(input.contestId) ? await contestById(ctx.db, input.contestId) : null;
  if (contest === null) return new ContestNotFound();
  return mayAdminister(await learnActingMember(ctx, contest.communityId))
    ? run(ctx, input)
    : new NotCommunityAdmin();
};

const lock = async (tx: Tx, id: ContestId): Promise<Contest | Refusal> => {
  const contest = await contestById(tx.db, id, 'FOR NO KEY UPDATE');
  if (contest === null) return new ContestNotFound();
  return mayAdminister(await actingMember(tx, contest.communityId))
    ? contest
    : new NotCommunityAdmin();
};

const announce = useCase(
  async (tx, { contestId }: AnnounceContestInput): Promise<typeof AnnounceContestResult> => {
    const contest = await lock(tx, contestId);
    if (contest instanceof UserError || contest.announcedAt !== null) return contest;
    if (contest.status !== 'draft') return new ContestNotThere(contest.status);
    if (contest.closesAt <= tx.now) return new ContestInvalid('It would be closed already.');
    const { id, communityId, kind, title, status } = contest;
    const version = contest.version + 1;
    await tx.db.query('UPDATE contest SET announced_at = $2, version = $3 WHERE id = $1', [
      ...[id, tx.now, version],
    ]);
    await tx.emit(ContestChanged, { contestId: id, communityId, kind, title, status, version });
    return (await contestById(tx.db, id)) ?? new ContestNotFound();
  },
);

const cancel = useCase(
  async (tx, input: CancelContestInput): Promise<typeof CancelContestResult> => {
    const contest = await lock(tx, input.contestId);
    if (contest instanceof UserError || contest.status === 'cancelled') return contest;
    if (contest.status === 'decided') return new ContestNotThere(contest.status);
    const reason = input.reason.trim();
    if (reason.length < 3 || reason.length > 1_000)
      return new ContestInvalid('A reason has 3 to 1000 characters.');
    await callOff(tx, contest, reason);
    return (await contestById(tx.db, contest.id)) ?? new ContestNotFound();
  },
);

const setJury = useCase(
  async (tx, input: SetContestJuryInput): Promise<typeof SetContestJuryResult> => {
    const contest = await lock(tx, input.contestId);
    if (contest instanceof UserError) return contest;
    if (contest.status === 'decided' || contest.status === 'cancelled')
      return new ContestNotThere(contest.status);
    const memberIds = [...new Set(input.memberIds)];
    if (
      contest.kind === 'quiz' ||
      memberIds.length > 50 ||
      !(await areMembers(tx, contest, memberIds))
    )
      return new ContestInvalid('A jury is up to 50 active members; a quiz has none.');
    const entrants = await query(
      tx.db,
      `SELECT FROM contest_entry WHERE contest_id = $1 AND member_id = ANY($2) AND withdrawn_at IS NULL LIMIT 1`,
      [contest.id, memberIds],
    );
    if (entrants.length > 0) return new EntrantIsJuror();
    await tx.db.query(
      'DELETE FROM contest_juror WHERE contest_id = $1 AND member_id <> ALL($2::uuid[])',
      [contest.id, memberIds],
    );
    await tx.db.query(
      `INSERT INTO contest_juror (contest_id, member_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING`,
      [contest.id, memberIds],
    );
    return contest;
  },
);

const areMembers = async (
  tx: Tx,
  { communityId }: Contest,
  memberIds: readonly MemberId[],
): Promise<boolean> => {
  if (!memberIds.every((id) => isId(id))) return false;
  const [known] = await query<{ n: number }>(
    tx.db,
    `SELECT count(*)::int AS n FROM member_standing WHERE community_id = $1 AND status = 'active' AND member_id = ANY($2)`,
    [communityId, memberIds],
  );
  return known?.n === memberIds.length;
};
