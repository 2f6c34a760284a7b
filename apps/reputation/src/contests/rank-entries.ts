import type { MemberId } from '@lyceum/contracts';
import type { EntryId } from './contest.types';

/*
 * Who wins, as a function of the entries and what was said of them: the same rows give the same ranking for ever.
 * Shares of a total are in hundredths of a percent, whole numbers, so that no rounding depends on a machine.
 */

export const full = 10_000;

/** The best score that a juror can give. */
export const bestScore = 10;

export interface Criterion {
  readonly name: string;
  readonly weight: number;
}

export interface Terms {
  readonly kind: 'content' | 'coding' | 'quiz';
  readonly criteria: readonly Criterion[];
  readonly juryWeight: number;
  readonly votesWeight: number;
}

export interface Judged {
  readonly id: EntryId;
  readonly memberId: MemberId;
  readonly submittedAt: Date;
  /** What jurors gave, each of 0 to 10. */
  readonly scores: readonly { readonly criterion: string; readonly score: number }[];
  readonly votes: number;
  /** Of a quiz: points got, and what there were to get. */
  readonly quiz: { readonly got: number; readonly of: number } | null;
}

/** Why an entry has its place. Shares are hundredths of a percent. */
export interface Why {
  readonly total: number;
  readonly jury: number | null;
  readonly votesShare: number | null;
  readonly votes: number;
  readonly quiz: { readonly got: number; readonly of: number } | null;
  readonly criteria: readonly {
    readonly name: string;
    readonly weight: number;
    /** Hundredths of a percent of the best there is; null when no juror judged it. */
    readonly mean: number | null;
    readonly jurors: number;
  }[];
  /** What put it before the next one, or behind the one before, of the same total. */
  readonly tieDecidedBy: 'jury' | 'votes' | 'time' | null;
}

export interface Ranked {
  readonly id: EntryId;
  readonly memberId: MemberId;
  readonly place: number;
  readonly why: Why;
}

/**
 * The best first. The total is the jury's part and the votes' part by their weights; of a quiz it is the share of
 * points got. Of equal totals the better jury's part comes first, then more votes, then who entered earlier.
 */
export const rankEntries = (terms: Terms, entries: readonly Judged[]): readonly Ranked[] => {
  const mostVotes = Math.max(0, ...entries.map(({ votes }) => votes));
  const judged = entries
    .map((entry) => ({ entry, why: judge(terms, entry, mostVotes) }))
    .sort(byMerit);
  return judged.map(({ entry, why }, index) => ({
    id: entry.id,
    memberId: entry.memberId,
    place: index + 1,
    why: { ...why, tieDecidedBy: tieOf(judged, index) },
  }));
};

type Weighed = Omit<Why, 'tieDecidedBy'>;

interface Candidate {
  readonly entry: Judged;
  readonly why: Weighed;
}

const judge = (terms: Terms, entry: Judged, mostVotes: number): Weighed => {
  const { votes, quiz } = entry;
  if (terms.kind === 'quiz') {
    const total = quiz === null || quiz.of === 0 ? 0 : part(quiz.got, quiz.of);
    return { total, jury: null, votesShare: null, votes: 0, quiz, criteria: [] };
  }
  const criteria = terms.criteria.map((criterion) => meanOf(criterion, entry));
  const jury = weighed(criteria.map(({ weight, mean }) => ({ weight, share: mean ?? 0 })));
  const votesShare = mostVotes === 0 ? 0 : part(votes, mostVotes);
  const total = weighed([
    { weight: terms.juryWeight, share: jury },
    { weight: terms.votesWeight, share: votesShare },
  ]);
  return { total, jury, votesShare, votes, quiz: null, criteria };
};

const part = (size: number, whole: number): number => Math.round((size * full) / whole);

const meanOf = ({ name, weight }: Criterion, { scores }: Judged): Why['criteria'][number] => {
  const own = scores.filter(({ criterion }) => criterion === name);
  const sum = own.reduce((total, { score }) => total + score, 0);
  const mean = own.length === 0 ? null : part(sum, own.length * bestScore);
  return { name, weight, mean, jurors: own.length };
};

const weighed = (parts: readonly { readonly weight: number; readonly share: number }[]): number => {
  const weights = parts.reduce((sum, { weight }) => sum + weight, 0);
  if (weights === 0) return 0;
  return Math.round(parts.reduce((sum, { weight, share }) => sum + weight * share, 0) / weights);
};

/** In what order entries are compared, and what each step is called when it decides. */
const steps: readonly (readonly [
  Exclude<Why['tieDecidedBy'], null> | 'total',
  (one: Candidate) => number,
])[] = [
  ['total', ({ why }) => why.total],
  ['jury', ({ why }) => why.jury ?? 0],
  ['votes', ({ why }) => why.votes],
  ['time', ({ entry }) => -entry.submittedAt.getTime()],
];

const byMerit = (a: Candidate, b: Candidate): number => {
  for (const [, worth] of steps) if (worth(a) !== worth(b)) return worth(b) - worth(a);
  return a.entry.id < b.entry.id ? -1 : 1; // ids are in the order of time
};

const tieOf = (judged: readonly Candidate[], index: number): Why['tieDecidedBy'] => {
  const own = judged[index];
  const other = [judged[index + 1], judged[index - 1]].find(
    (next) => next !== undefined && next.why.total === own?.why.total,
  );
  if (own === undefined || other === undefined) return null;
  const [name] = steps.find(([, worth]) => worth(own) !== worth(other)) ?? ['time'];
  return name === 'total' ? null : name;
};
