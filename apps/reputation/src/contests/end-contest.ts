import {
  ContestChanged,
  newId,
  PrizeAwarded,
  PrizePoolChanged,
  type MemberId,
} from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import { grantPoints } from '../points/grant-points';
import { query } from '../sql';
import { judgedEntries } from './contest.queries';
import type { Contest, EntryId } from './contest.types';
import { dividePool, type Win } from './divide-pool';
import { scoreQuiz, type Choices } from './quiz';
import { rankEntries, type Judged, type Ranked } from './rank-entries';

/** Moves a contest that the caller has locked, and tells of it. */
export const moveContest = async (
  tx: Tx,
  contest: Contest,
  status: Contest['status'],
): Promise<void> => {
  const { id, communityId, kind, title } = contest;
  const isOver = status === 'decided' || status === 'cancelled';
  await tx.db.query(
    'UPDATE contest SET status = $2, ended_at = $3, version = version + 1 WHERE id = $1',
    [id, status, isOver ? tx.now : null],
  );
  const version = contest.version + 1;
  await tx.emit(ContestChanged, { contestId: id, communityId, kind, title, status, version });
};

/** Ranks the entries, gives the prizes, and keeps with each entry why it has its place. */
export const decideContest = async (tx: Tx, contest: Contest): Promise<void> => {
  const ranking = rankEntries(contest, await judged(tx, contest));
  await writePlaces(tx, ranking);
  const wins = dividePool(contest, ranking);
  await givePrizes(tx, contest, wins);
  if (wins.length === 0) await returnStakes(tx, contest);
  await moveContest(tx, contest, 'decided');
  await closePool(
    tx,
    contest,
    wins.reduce((sum, { amount }) => sum + amount, 0n),
  );
};

/** Calls a contest off: stakes are taken back, and money returns to who paid it in. */
export const callOff = async (tx: Tx, contest: Contest, because: string): Promise<void> => {
  await tx.db.query('UPDATE contest SET cancelled_because = $2 WHERE id = $1', [
    contest.id,
    because,
  ]);
  await returnStakes(tx, contest);
  await moveContest(tx, contest, 'cancelled');
  await closePool(tx, contest, 0n);
};

const judged = async (tx: Tx, { id, kind, questions }: Contest): Promise<Judged[]> => {
  const [row] =
    kind === 'quiz'
      ? await query<{ key: Choices }>(
          tx.db,
          'SELECT answers AS key FROM contest_quiz_key WHERE contest_id = $1',
          [id],
        )
      : [];
  const entries = await judgedEntries(tx.db, id);
  return entries.map(({ answers, ...entry }) => ({
    ...entry,
    quiz: row && answers && scoreQuiz(questions, { key: row.key, answers }),
  })) as Judged[]; // a row that is not there is no quiz
};

const writePlaces = (tx: Tx, ranking: readonly Ranked[]): Promise<unknown> =>
  tx.db.query(
    `UPDATE contest_entry AS entry SET place = ranked.place, why = ranked.why
     FROM json_to_recordset($1::json) AS ranked (id uuid, place int, why jsonb) WHERE entry.id = ranked.id`,
    [JSON.stringify(ranking)],
  );

const givePrizes = async (tx: Tx, contest: Contest, wins: readonly Win[]): Promise<void> => {
  const { id, communityId, title, currency } = contest;
  const isPoints = currency === null;
  for (const { id: entryId, memberId, place, amount } of wins) {
    const prizeId = newId<'Prize'>();
    await tx.db.query(
      `INSERT INTO contest_prize (id, contest_id, entry_id, member_id, place, amount, paid_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [prizeId, id, entryId, memberId, place, amount.toString(), isPoints ? tx.now : null],
    );
    await tx.emit(PrizeAwarded, {
      ...{ prizeId, communityId, memberId, sourceType: 'contest', sourceId: id, title },
      points: isPoints ? Number(amount) : null,
      money: isPoints ? null : { poolId: id, amountMinor: amount.toString(), currency },
    });
  }
  if (!isPoints) return;
  await grantPoints(
    tx,
    wins.map(({ memberId, amount }) => ({
      ...{ communityId, memberId, for: 'contest', sourceId: id },
      points: Number(amount),
      version: 1,
    })),
  );
};

const closePool = async (tx: Tx, contest: Contest, promised: bigint): Promise<void> => {
  const { id, communityId, title, currency } = contest;
  if (currency === null) return;
  await tx.emit(PrizePoolChanged, {
    ...{ poolId: id, communityId, title, currency, isOpen: false },
    promisedMinor: promised.toString(),
    version: 2,
  });
};

interface Staked {
  readonly id: EntryId;
  readonly memberId: MemberId;
  readonly stake: number;
}

const returnStakes = async (tx: Tx, contest: Contest): Promise<void> => {
  if (contest.staked === 0n) return;
  const entries = await query<Staked>(
    tx.db,
    `SELECT id, member_id AS "memberId", stake FROM contest_entry
     WHERE contest_id = $1 AND withdrawn_at IS NULL AND stake > 0 ORDER BY id`,
    [contest.id],
  );
  await giveStakesBack(tx, contest, entries);
};

/** Undoes the taking of stakes: it leaves no trace in any sum. */
export const giveStakesBack = async (
  tx: Tx,
  { id, communityId }: Contest,
  entries: readonly Staked[],
): Promise<void> => {
  const total = entries.reduce((sum, { stake }) => sum + stake, 0);
  if (total === 0) return;
  await tx.db.query('UPDATE contest SET staked = staked - $2 WHERE id = $1', [id, total]);
  await grantPoints(
    tx,
    entries.map(({ id: entryId, memberId }) => ({
      ...{ communityId, memberId, for: 'contest-stake', sourceId: entryId },
      points: 0,
      version: 2,
    })),
  );
};
