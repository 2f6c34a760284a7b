import { isId, type CommunityId } from '@lyceum/contracts';
import {
  badInput,
  parsePage,
  toConnection,
  type BatchQuery,
  type Connection,
  type Ctx,
  type PageArgs,
  type Position,
} from '@lyceum/platform';
import { learnActingMember, mayAdminister } from '../communities/acting-member';
import { query } from '../sql';
import { contestsOf, entriesOf, selectEntries } from './contest.queries';
import {
  ContestPrize,
  type Contest,
  type ContestEntry,
  type ContestId,
  type EntryId,
} from './contest.types';
import type { Choices } from './quiz';

/** A draft that nobody but owners and admins knows of. */
export const isForAdmins = ({ announcedAt }: Contest): boolean => announcedAt === null;

const memberIn = (ctx: Ctx, communityId: CommunityId) =>
  ctx.actor.kind === 'user' ? learnActingMember(ctx, communityId) : Promise.resolve(null);

export const mayAdministerIn = async (ctx: Ctx, communityId: CommunityId): Promise<boolean> =>
  mayAdminister(await memberIn(ctx, communityId));

/** The last part of a cursor: an id. */
const idOf = (after: Position): string => {
  const id = String(after.at(-1));
  if (!isId(id)) throw badInput('"after" is not a cursor of this list.');
  return id;
};

export const pageOfContests = async (
  ctx: Ctx,
  communityId: CommunityId,
  page: PageArgs,
): Promise<Connection<Contest>> => {
  const list = 'contests';
  const { first, after } = parsePage(list, page);
  const rows = await contestsOf(ctx.db, {
    communityId,
    withDrafts: await mayAdministerIn(ctx, communityId),
    after: after && idOf(after),
    limit: first + 1,
  });
  return toConnection(rows, { list, first, positionOf: ({ id }) => [id] });
};

export const pageOfEntries = async (
  ctx: Ctx,
  contest: Contest,
  page: PageArgs,
): Promise<Connection<ContestEntry>> => {
  const list = `entries:${contest.id}:${contest.status === 'decided' ? 'places' : 'all'}`;
  const { first, after } = parsePage(list, page);
  const isShown =
    contest.status === 'judging' ||
    contest.status === 'decided' ||
    (await mayAdministerIn(ctx, contest.communityId));
  const rows = isShown
    ? await entriesOf(ctx.db, {
        contest,
        after: after && [Number(after[0]) || 0, idOf(after)],
        limit: first + 1,
      })
    : [];
  return toConnection(rows, { list, first, positionOf: ({ place, id }) => [place ?? 0, id] });
};

/** A member has few entries, so this is no page. */
export const pageOfOwnEntries = async (ctx: Ctx, contest: Contest): Promise<ContestEntry[]> => {
  const member = await memberIn(ctx, contest.communityId);
  return member === null
    ? []
    : selectEntries(ctx.db, 'contest_id = $1 AND member_id = $2 ORDER BY id DESC LIMIT 100', [
        ...[contest.id, member.memberId],
      ]);
};

export const keyOfQuiz: BatchQuery<ContestId, Choices> = async ({ db }, ids) => {
  const rows = await query<{ id: ContestId; answers: Choices }>(
    db,
    'SELECT contest_id AS id, answers FROM contest_quiz_key WHERE contest_id = ANY($1)',
    [ids],
  );
  return new Map(rows.map(({ id, answers }) => [id, answers]));
};

export const prizesOfEntries: BatchQuery<EntryId, ContestPrize> = async ({ db }, ids) => {
  const rows = await query<ContestPrize & { entryId: EntryId }>(
    db,
    `SELECT prize.id, entry_id AS "entryId", place, amount::text AS amount, currency, paid_at AS "paidAt"
     FROM contest_prize AS prize JOIN contest ON contest.id = prize.contest_id WHERE entry_id = ANY($1)`,
    [ids],
  );
  return new Map(
    rows.map(({ entryId, ...row }) => [entryId, Object.assign(new ContestPrize(), row)]),
  );
};
