import { utcDay } from './activity';
import { type PointEntry } from './award';
import { limitsOn } from './entries';
import { ruleSetOn, type RuleBook } from './rule-set';

type Explained = Pick<
  PointEntry,
  'kind' | 'rule' | 'subjectType' | 'occurredAt' | 'reversedAt' | 'nominal' | 'allowed' | 'points'
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
  const rule = ruleSetOn(book, utcDay(entry.occurredAt)).ruleNamed.get(entry.rule);
  return (rule?.reason ?? entry.rule).replaceAll('{subject}', entry.subjectType ?? 'post');
};

const remark = (book: RuleBook, entry: Explained): string => {
  if (entry.reversedAt !== null) return ` (taken back${on(entry.reversedAt)})`;
  const { perDay, perMember } = limitsOn(book, entry);
  const limit =
    entry.points !== entry.allowed && perDay
      ? `${String(perDay.points)} points a day`
      : entry.allowed !== entry.nominal && perMember
        ? `${String(perMember.points)} points in all`
        : null;
  if (limit === null) return '';
  return ` (${String(entry.points)} of ${String(entry.nominal)}: limit of ${limit})`;
};

const on = (instant: Date | null): string => (instant === null ? '' : ` on ${utcDay(instant)}`);
