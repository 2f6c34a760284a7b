import { isId, newId, type MemberId } from '@lyceum/contracts';
import { useCase, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import {
  actingMember,
  learnActingMember,
  NotCommunityMember,
  type ActingMember,
} from '../communities/acting-member';
import { lockSpendable } from '../gifts/gift.queries';
import { SpendablePointsTooFew } from '../gifts/gift.types';
import { grantPoints } from '../points/grant-points';
import { holdRules, ruleBooks } from '../rule-sets/rule-books';
import { ruleSetOn, utcDay } from '../rules';
import { query } from '../sql';
import {
  ContestEntriesTooMany,
  ContestEntryInvalid,
  ContestNotFound,
  ContestNotThere,
  EntrantIsJuror,
} from './contest.errors';
import { contestById, selectEntries } from './contest.queries';
import { ContestEntry, type Contest, type ContestId, type EntryId } from './contest.types';
import { areChoices } from './quiz';

export enum EntryPostType {
  QUESTION = 'question',
  ANSWER = 'answer',
  ARTICLE = 'article',
}
registerEnumType(EntryPostType, { name: 'ContestEntryPostType' });

@InputType()
export class EnterContestInput {
  @Field(() => ID) contestId!: ContestId;
  @Field(() => String, { defaultValue: '' }) title!: string;
  @Field(() => String, { nullable: true }) body?: string | null;
  @Field(() => String, { nullable: true, description: 'HTTPS.' }) link?: string | null;
  @Field(() => EntryPostType, { nullable: true }) postType?: EntryPostType | null;
  @Field(() => ID, { nullable: true, description: "An own post in the contest's community." })
  postId?: string | null;
  @Field(() => [[Int]], {
    nullable: true,
    description: 'Of a quiz: for each question the numbers of the choices, from 0.',
  })
  answers?: number[][] | null;
  @Field(() => String, { description: 'The same key again enters nothing twice.' })
  idempotencyKey!: string;
}

export const EnterContestResult = createUnionType({
  name: 'EnterContestResult',
  types: () =>
    [
      ContestEntry,
      ContestNotFound,
      ContestNotThere,
      ContestEntryInvalid,
      ContestEntriesTooMany,
      EntrantIsJuror,
      SpendablePointsTooFew,
      NotCommunityMember,
    ] as const,
});
type Result = Promise<typeof EnterContestResult>;

/** Takes part. A stake is taken at once, and returns when the entry is withdrawn or the contest called off. */
export const enterContest = async (ctx: Ctx, input: EnterContestInput): Result => {
  if (input.idempotencyKey.length < 1 || input.idempotencyKey.length > 100)
    return new ContestEntryInvalid('An idempotency key has 1 to 100 characters.');
  const contest = isId(input.contestId) ? await contestById(ctx.db, input.contestId) : null;
  if (contest === null || contest.announcedAt === null) return new ContestNotFound();
  const member = await learnActingMember(ctx, contest.communityId);
  return member === null ? new NotCommunityMember() : enter(ctx, input);
};

const enter = useCase(async (tx, input: EnterContestInput): Result => {
  const contest = await contestById(tx.db, input.contestId, 'FOR NO KEY UPDATE');
  if (contest === null) return new ContestNotFound();
  const member = await actingMember(tx, contest.communityId);
  if (member === null) return new NotCommunityMember();
  const [before] = await selectEntries(
    tx.db,
    'contest_id = $1 AND member_id = $2 AND idempotency_key = $3',
    [contest.id, member.memberId, input.idempotencyKey],
  );
  if (before !== undefined) return before;
  if (contest.status !== 'open' || contest.closesAt <= tx.now)
    return new ContestNotThere(contest.status);
  if (await isJuror(tx, contest.id, member.memberId)) return new EntrantIsJuror();
  const problem = await problemOf(tx, input, { contest, member });
  if (problem !== null) return new ContestEntryInvalid(problem);
  const number = await freeNumber(tx, contest, member.memberId);
  if (number === null) return new ContestEntriesTooMany();

  const id = newId<'ContestEntry'>();
  const refusal = await takeStake(tx, contest, { id, memberId: member.memberId });
  if (refusal !== null) return refusal;
  return write(tx, input, { id, contest, memberId: member.memberId, number });
});

export const isJuror = async (tx: Tx, id: ContestId, memberId: MemberId): Promise<boolean> => {
  const found = await query(
    tx.db,
    'SELECT FROM contest_juror WHERE contest_id = $1 AND member_id = $2',
    [id, memberId],
  );
  return found.length > 0;
};

interface Entrant {
  readonly contest: Contest;
  readonly member: ActingMember;
}

const problemOf = async (
  tx: Tx,
  input: EnterContestInput,
  { contest, member }: Entrant,
): Promise<string | null> => {
  if (contest.kind === 'quiz')
    return areChoices(contest.questions, input.answers ?? [])
      ? null
      : 'Answer each question, with choices that it has, or with none.';
  if (input.answers != null) return 'Only a quiz is answered.';
  const { title, body, link, postType, postId } = input;
  if (title.trim() === '' || title.length > 200) return 'A title has 1 to 200 characters.';
  if (body != null && (body.trim() === '' || body.length > 50_000))
    return 'A text has 1 to 50000 characters.';
  if (link != null && !isLink(link))
    return 'A link begins with https:// and is no longer than 2000.';
  if ((postType == null) !== (postId == null)) return 'A post is told by its type and its id.';
  if (body == null && link == null && postId == null) return 'Enter a text, a link or a post.';
  return postId == null || (await isOwnPost(tx, member, `${String(postType)}:${postId}`))
    ? null
    : 'Enter a post of your own, in this community.';
};

const isLink = (link: string): boolean =>
  link.length <= 2_000 && link.startsWith('https://') && URL.canParse(link);

/** By the log of activity, which names a post so. */
const isOwnPost = async (
  tx: Tx,
  { communityId, memberId }: ActingMember,
  key: string,
): Promise<boolean> => {
  const found = await query(
    tx.db,
    'SELECT FROM activity_log WHERE community_id = $1 AND key = $2 AND actor_id = $3',
    [communityId, key, memberId],
  );
  return found.length > 0;
};

const freeNumber = async (
  tx: Tx,
  { id, entriesPerMember }: Contest,
  memberId: MemberId,
): Promise<number | null> => {
  const [free] = await query<{ number: number }>(
    tx.db,
    `SELECT number FROM generate_series(1, $3::int) AS number WHERE NOT EXISTS (
       SELECT FROM contest_entry AS taken WHERE contest_id = $1 AND member_id = $2 AND withdrawn_at IS NULL
         AND taken.number = number.number) LIMIT 1`,
    [id, memberId, entriesPerMember],
  );
  return free?.number ?? null;
};

/** Rules first, as whoever counts points: then nobody waits for another in a circle. */
const takeStake = async (
  tx: Tx,
  { id: contestId, communityId, stake }: Contest,
  entry: { readonly id: EntryId; readonly memberId: MemberId },
): Promise<SpendablePointsTooFew | null> => {
  if (stake === 0) return null;
  await holdRules(tx.db, [communityId]);
  const book = (await ruleBooks(tx.db, [communityId])).get(communityId);
  // What would fall below the floor would be forgotten, and the stake would cost less than it adds.
  const floor = (book && ruleSetOn(book, utcDay(tx.now)).floor) ?? 0;
  const spendable = await lockSpendable(tx.db, entry.memberId);
  if (spendable - stake < Math.max(0, floor)) return new SpendablePointsTooFew(spendable);
  await tx.db.query('UPDATE contest SET staked = staked + $2 WHERE id = $1', [contestId, stake]);
  await grantPoints(tx, [
    {
      ...{ communityId, memberId: entry.memberId, for: 'contest-stake', sourceId: entry.id },
      points: -stake,
      version: 1,
    },
  ]);
  return null;
};

const write = async (
  tx: Tx,
  input: EnterContestInput,
  of: { id: EntryId; contest: Contest; memberId: MemberId; number: number },
): Promise<ContestEntry | ContestNotFound> => {
  const { id, contest, memberId, number } = of;
  await tx.db.query(
    `INSERT INTO contest_entry (id, contest_id, member_id, number, title, body, link, post_type, post_id, answers, stake,
       idempotency_key, submitted_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      ...[id, contest.id, memberId, number, input.title.trim(), input.body ?? null],
      ...[input.link ?? null, input.postType ?? null, input.postId ?? null],
      ...[input.answers == null ? null : JSON.stringify(input.answers), contest.stake],
      ...[input.idempotencyKey, tx.now],
    ],
  );
  const [entry] = await selectEntries(tx.db, 'id = $1', [id]);
  return entry ?? new ContestNotFound();
};
