import { utcDay } from './activity';
import { type PointEntry } from './award';
import { ruleOf } from './entries';
import type { Rule, RuleBook } from './rule-set';

type Explained = Pick<
  PointEntry,
  | 'kind'
  | 'rule'
  | 'subjectType'
  | 'occurredAt'
  | 'reversedAt'
  | 'weight'
  | 'nominal'
  | 'allowed'
  | 'points'
>;

/** Why an entry has the points it has, in a sentence for the member. */
export const reasonOf = (book: RuleBook, entry: Explained): string => {
  switch (entry.kind) {
    case 'start':
      return 'Points every member starts with';
    case 'floor':
      return 'Losses that would have gone below the lowest possible total are forgotten';
    case 'reversal':
      return `${sentence(book, entry)}: taken back${on(entry.reversedAt)}`;
    case 'award':
      return sentence(book, entry) + remark(book, entry);
  }
};

const sentence = (book: RuleBook, entry: Explained): string => {
  return (ruleOf(book, entry)?.reason ?? entry.rule).replaceAll(
    '{subject}',
    entry.subjectType ?? 'post',
  );
};

const remark = (book: RuleBook, entry: Explained): string => {
  if (entry.reversedAt !== null) return ` (taken back${on(entry.reversedAt)})`;
  const rule = ruleOf(book, entry);
  const cause =
    entry.points !== entry.allowed && rule
      ? lessToday(rule)
      : entry.allowed !== entry.nominal && rule?.perMember
        ? `limit of ${String(rule.perMember.points)} points in all`
        : null;
  const weighed = entry.weight === 100 ? '' : ` (${weighedBecause(entry.weight, rule)})`;
  if (cause === null) return weighed;
  return `${weighed} (${String(entry.points)} of ${String(entry.nominal)}: ${cause})`;
};

const weighedBecause = (weight: number, rule: Rule | null): string =>
  rule?.on === 'vote'
    ? `counts ${String(weight)} %: cast from an account that was new, or whose address was not verified`
    : `counts ${String(weight)} %: some of the money went back`;

const spans = {
  day: 'a day',
  pair: 'a day because of one member',
  source: 'a day for one post',
} as const;

/** All that can have made an award of a day worth less than it says. */
const lessToday = ({ daily, diminishing }: Rule): string => {
  const limits = daily.map(({ points, per }) => `limit of ${String(points)} points ${spans[per]}`);
  const repetition =
    diminishing.length > 0 ? ['worth less the more often it happens on a day'] : [];
  return [...limits, ...repetition].join(', or ');
};

const on = (instant: Date | null): string => (instant === null ? '' : ` on ${utcDay(instant)}`);
