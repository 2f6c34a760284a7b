import { isId, newId, PrizePoolChanged, type CommunityId } from '@lyceum/contracts';
import { isCurrency } from '@lyceum/money';
import { useCase, type Ctx, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import {
  actingMember,
  learnActingMember,
  mayAdminister,
  NotCommunityAdmin,
  type ActingMember,
} from '../communities/acting-member';
import { ContestInvalid, ContestNotFound, ContestNotThere } from './contest.errors';
import { contestById } from './contest.queries';
import { Contest, ContestKind, type ContestId } from './contest.types';
import { areChoices, questionsOfQuiz } from './quiz';

@InputType()
export class ContestCriterionInput {
  @Field(() => String) name!: string;
  @Field(() => Int, { defaultValue: 1 }) weight!: number;
}

@InputType()
export class QuizQuestionInput {
  @Field(() => String) text!: string;
  @Field(() => [String]) choices!: string[];
  @Field(() => [Int], { description: 'The numbers of the right ones, from 0; secret to the end.' })
  right!: number[];
  @Field(() => Int, { defaultValue: 1 }) points!: number;
}

@InputType()
export class DraftContestInput {
  @Field(() => ID, { nullable: true, description: 'Of a draft to be replaced.' })
  contestId?: ContestId | null;
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => ContestKind) kind!: ContestKind;
  @Field(() => String) title!: string;
  @Field(() => String, { defaultValue: '' }) description!: string;
  @Field(() => Date) opensAt!: Date;
  @Field(() => Date, { description: 'No entries from then on.' }) closesAt!: Date;
  @Field(() => Date, { description: 'Until then jurors score and members vote.' }) decidesAt!: Date;
  @Field(() => Int, { defaultValue: 1 }) entriesPerMember!: number;
  @Field(() => Int, { defaultValue: 3 }) votesPerMember!: number;
  @Field(() => [ContestCriterionInput], { defaultValue: [] }) criteria!: ContestCriterionInput[];
  @Field(() => Int, { defaultValue: 1 }) juryWeight!: number;
  @Field(() => Int, { defaultValue: 1 }) votesWeight!: number;
  @Field(() => [QuizQuestionInput], { defaultValue: [] }) questions!: QuizQuestionInput[];
  @Field(() => [Int], { description: 'How the places share the pool: [3, 2, 1].' })
  shares!: number[];
  @Field(() => Int, { defaultValue: 0, description: 'Points that the community gives.' })
  budget!: number;
  @Field(() => Int, { defaultValue: 0, description: 'Points that each entry costs.' })
  stake!: number;
  @Field(() => String, {
    nullable: true,
    description: 'ISO 4217: money is to be won, paid in with `fundPrizePool`.',
  })
  currency?: string | null;
}

export const DraftContestResult = createUnionType({
  name: 'DraftContestResult',
  types: () =>
    [Contest, ContestInvalid, ContestNotFound, ContestNotThere, NotCommunityAdmin] as const,
});
type Result = Promise<typeof DraftContestResult>;

/** Writes a contest that nobody but owners and admins sees, or replaces one. */
export const draftContest = async (ctx: Ctx, input: DraftContestInput): Result =>
  mayAdminister(await learnActingMember(ctx, input.communityId))
    ? draft(ctx, input)
    : new NotCommunityAdmin();

const draft = useCase(async (tx, input: DraftContestInput): Result => {
  const member = await actingMember(tx, input.communityId);
  if (member === null || !mayAdminister(member)) return new NotCommunityAdmin();
  const problem = problemOf(input, tx.now);
  if (problem !== null) return new ContestInvalid(problem);
  if (input.contestId == null) return write(tx, input, { member, id: newId<'Contest'>() });

  const found = isId(input.contestId)
    ? await contestById(tx.db, input.contestId, 'FOR NO KEY UPDATE')
    : null;
  if (found?.communityId !== input.communityId) return new ContestNotFound();
  if (found.status !== 'draft' || found.announcedAt !== null)
    return new ContestNotThere(found.status);
  if (found.currency !== (input.currency ?? null))
    return new ContestInvalid('What is won stays what it was: draft another contest.');
  return write(tx, input, { member, id: found.id });
});

const most = 1_000_000;

const isBetween = (value: number, [least, greatest]: readonly [number, number]): boolean =>
  Number.isInteger(value) && value >= least && value <= greatest;

const problemOf = (input: DraftContestInput, now: Date): string | null =>
  problemOfTexts(input) ??
  problemOfTimes(input, now) ??
  problemOfPool(input) ??
  problemOfKind(input);

const problemOfTexts = ({ title, description }: DraftContestInput): string | null => {
  if (title.trim() === '' || title.length > 200) return 'A title has 1 to 200 characters.';
  return description.length > 20_000 ? 'A description has at most 20000 characters.' : null;
};

const problemOfTimes = (input: DraftContestInput, now: Date): string | null => {
  const { opensAt, closesAt, decidesAt } = input;
  if (opensAt < now) return 'It cannot open in the past.';
  if (opensAt >= closesAt || closesAt > decidesAt)
    return 'It opens, then it closes, then it is decided.';
  return decidesAt.getTime() - now.getTime() > 2 * 366 * 86_400_000
    ? 'It is decided within two years.'
    : null;
};

const problemOfPool = (input: DraftContestInput): string | null => {
  const { shares, budget, stake, currency } = input;
  if (!isBetween(shares.length, [1, 50]) || !shares.every((one) => isBetween(one, [1, most])))
    return 'There are 1 to 50 places, each with a share of 1 to 1000000.';
  if (!isBetween(budget, [0, most]) || !isBetween(stake, [0, 100_000]))
    return 'A budget is 0 to 1000000 points, a stake 0 to 100000.';
  if (currency == null)
    return budget + stake > 0 ? null : 'There is nothing to win: give a budget or ask for stakes.';
  if (!isCurrency(currency)) return 'The currency is a code of ISO 4217.';
  return budget + stake > 0 ? 'Where money is won there are no points in the pool.' : null;
};

const problemOfKind = (input: DraftContestInput): string | null => {
  const { kind, criteria, juryWeight, votesWeight, questions } = input;
  if (!isBetween(input.entriesPerMember, [1, 20]) || !isBetween(input.votesPerMember, [0, 100]))
    return 'A member has 1 to 20 entries, and votes for 0 to 100.';
  if (kind === ContestKind.QUIZ) {
    const read = questionsOfQuiz.safeParse(questions);
    const key = questions.map(({ right }) => right);
    return read.success && areChoices(read.data, key) && key.every(({ length }) => length > 0)
      ? null
      : 'A quiz has 1 to 100 questions, each with 2 to 10 choices, the right ones among them.';
  }
  if (questions.length > 0) return 'Only a quiz has questions.';
  if (![juryWeight, votesWeight].every((weight) => isBetween(weight, [0, 1_000])))
    return 'Weights are 0 to 1000.';
  if (juryWeight + votesWeight === 0) return 'Jury or votes must weigh something.';
  const names = new Set(criteria.map(({ name }) => name.trim()));
  const isSound = ({ name, weight }: ContestCriterionInput) =>
    isBetween(name.trim().length, [1, 60]) && isBetween(weight, [1, 1_000]);
  if (names.size !== criteria.length || criteria.length > 10 || !criteria.every(isSound))
    return 'There are at most 10 criteria, each with its own name and a weight of 1 to 1000.';
  return juryWeight > 0 && criteria.length === 0 ? 'A jury needs criteria.' : null;
};

const write = async (
  tx: Tx,
  input: DraftContestInput,
  { member, id }: { member: ActingMember; id: ContestId },
): Promise<Contest | ContestNotFound> => {
  const isQuiz = input.kind === ContestKind.QUIZ;
  const questions = isQuiz ? questionsOfQuiz.parse(input.questions) : [];
  const row = {
    kind: input.kind,
    title: input.title.trim(),
    description: input.description,
    opens_at: input.opensAt,
    closes_at: input.closesAt,
    decides_at: input.decidesAt,
    entries_per_member: isQuiz ? 1 : input.entriesPerMember,
    votes_per_member: isQuiz ? 0 : input.votesPerMember,
    criteria: JSON.stringify(
      input.criteria.map(({ name, weight }) => ({ name: name.trim(), weight })),
    ),
    jury_weight: input.juryWeight,
    votes_weight: input.votesWeight,
    questions: JSON.stringify(questions),
    shares: JSON.stringify(input.shares),
    stake: input.stake,
    currency: input.currency ?? null,
    ...(input.currency == null ? { budget: input.budget } : {}),
  };
  await upsert(tx, {
    id,
    community_id: input.communityId,
    created_by: member.memberId,
    budget: 0,
    ...row,
  });
  await tx.db.query('DELETE FROM contest_quiz_key WHERE contest_id = $1', [id]);
  if (isQuiz)
    await tx.db.query('INSERT INTO contest_quiz_key (contest_id, answers) VALUES ($1, $2)', [
      id,
      JSON.stringify(input.questions.map(({ right }) => right)),
    ]);
  const contest = await contestById(tx.db, id);
  if (contest === null) return new ContestNotFound();
  if (contest.currency !== null && contest.version === 1) await openPool(tx, contest);
  return contest;
};

/** What was paid in stays, however often a draft is written anew. */
const upsert = async (tx: Tx, row: Readonly<Record<string, unknown>>): Promise<void> => {
  const names = Object.keys(row);
  const changed = names.filter(
    (name) => !['id', 'created_by', ...(row['currency'] === null ? [] : ['budget'])].includes(name),
  );
  await tx.db.query(
    `INSERT INTO contest AS known (${names.join(', ')}) VALUES (${names.map((_, i) => `$${String(i + 1)}`).join(', ')})
     ON CONFLICT (id) DO UPDATE SET ${changed.map((name) => `${name} = excluded.${name}`).join(', ')},
       version = known.version + 1`,
    Object.values(row),
  );
};

const openPool = async (tx: Tx, { id, communityId, title, currency }: Contest): Promise<void> => {
  if (currency === null) return;
  await tx.emit(PrizePoolChanged, {
    ...{ poolId: id, communityId, title, currency, isOpen: true, promisedMinor: '0' },
    version: 1,
  });
};
