import type { Activity, ActivityKind, Day } from './activity';
import type { BadgeDefinition } from './badge';
import {
  isEnforced,
  type PrivilegeName,
  type RuleDefinition,
  type RuleSetDefinition,
} from './definition';
import { grantRules } from './grants';
import { standardBadges } from './presets/standard-badges';
import type { NewAccounts } from './new-accounts';
import { trustLevels, type TrustLevel } from './trust';

export type { RuleSetDefinition } from './definition';
export { ruleSetDefinition } from './definition';

export interface Rule {
  readonly name: string;
  readonly on: ActivityKind;
  readonly to: 'actor' | 'subject-author';
  readonly reason: string;
  /** The types of subjects it is about; null: any. */
  readonly about: readonly string[] | null;
  readonly applies: (activity: Activity) => boolean;
  readonly points: (activity: Activity) => number;
  /** What it always gives; null when that depends on the activity. */
  readonly worth: number | null;
  /** The limits that are counted within a member's day, at most one of each kind. */
  readonly daily: readonly DailyLimit[];
  readonly perMember: Limit | null;
  /** Percent that the nth award of a member's day is worth; empty: all are worth the same. */
  readonly diminishing: readonly number[];
}

export interface Limit {
  readonly name: string;
  readonly points: number;
}

export interface DailyLimit extends Limit {
  /** Counts all of a day, what came from one other member, or what came for one post. */
  readonly per: 'day' | 'pair' | 'source';
}

/** A rule set ready to run: a definition with the values of its parameters, and its version. */
export interface RuleSet {
  readonly name: string;
  readonly version: number;
  /** The first UTC day it is in force; null: since ever. */
  readonly activeFrom: Day | null;
  readonly startingPoints: number;
  readonly floor: number | null;
  readonly levels: readonly Level[];
  readonly privileges: readonly Privilege[];
  readonly badges: readonly BadgeDefinition[];
  /** Lowest first. */
  readonly trust: readonly TrustLevel[];
  /** Null: points weigh the same for ever. */
  readonly halfLifeDays: number | null;
  /** Null: every vote counts in full. */
  readonly newAccounts: NewAccounts | null;
  readonly referrals: ReferralTerms;
  /** The rules that an activity of this kind, about this type of subject, may fall under. */
  readonly rulesOn: (kind: ActivityKind, subjectType: string | null) => readonly Rule[];
  readonly ruleNamed: ReadonlyMap<string, Rule>;
}

/** What of those whom a member brought counts. */
export interface ReferralTerms {
  /** From joining on. */
  readonly purchaseWithinDays: number;
  /** Of those who became active in a UTC month, and of those who bought in one. */
  readonly mostPerMonth: number;
}

export const usualReferralTerms: ReferralTerms = { purchaseWithinDays: 30, mostPerMonth: 10 };

export interface Level {
  readonly name: string;
  readonly from: number;
}

export interface Privilege {
  readonly name: PrivilegeName;
  readonly from: number;
}

export interface Activation {
  readonly version: number;
  readonly activeFrom?: Day | null;
  readonly parameters?: Readonly<Record<string, number>>;
}

export class UnknownParameter extends Error {
  override readonly name = 'UnknownParameter';
}

/** Makes a definition runnable. Throws UnknownParameter for a value nobody asked for. */
export const activate = (definition: RuleSetDefinition, activation: Activation): RuleSet => {
  const given = activation.parameters ?? {};
  for (const parameter of Object.keys(given)) {
    if (!Object.hasOwn(definition.parameters, parameter))
      throw new UnknownParameter(`${definition.name} has no parameter ${parameter}`);
  }
  const parameters = new Map(
    Object.entries(definition.parameters).map(([key, one]) => [key, given[key] ?? one.default]),
  );
  const rules = [...definition.rules, ...grantRules].map((one) =>
    compile(definition, one, parameters),
  );
  return {
    name: definition.name,
    version: activation.version,
    activeFrom: activation.activeFrom ?? null,
    startingPoints: definition.startingPoints,
    floor: definition.floor,
    levels: definition.levels,
    privileges: (definition.privileges ?? []).filter(({ name }) => isEnforced(name)),
    badges: definition.badges ?? standardBadges,
    trust: definition.trust?.map((one, i) => ({ ...one, level: i + 1 })) ?? trustLevels,
    halfLifeDays: definition.decay?.halfLifeDays ?? null,
    newAccounts: definition.newAccounts ?? null,
    referrals: definition.referrals ?? usualReferralTerms,
    rulesOn: index(rules),
    ruleNamed: new Map(rules.map((one) => [one.name, one])),
  };
};

/** Most rules are about one kind of activity and one type of subject: the others are not even asked. */
const index = (rules: readonly Rule[]): RuleSet['rulesOn'] => {
  const found = new Map<string, readonly Rule[]>();
  return (kind, subjectType) => {
    const key = `${kind} ${subjectType ?? ''}`;
    const known = found.get(key);
    if (known !== undefined) return known;
    const own = rules.filter(
      (rule) => rule.on === kind && (rule.about?.includes(subjectType ?? '') ?? true),
    );
    if (found.size < mostIndexed) found.set(key, own);
    return own;
  };
};

const mostIndexed = 1_000;

const compile = (
  set: RuleSetDefinition,
  one: Omit<RuleDefinition, 'on'> & Pick<Rule, 'on'>,
  parameters: ReadonlyMap<string, number>,
): Rule => {
  const limits = set.limits.filter((known) => one.limits.includes(known.name));
  const { subjectType, value, self } = one.when;
  return {
    name: one.name,
    on: one.on,
    to: one.to,
    reason: one.reason,
    about: subjectType ?? null,
    applies: (activity) =>
      (subjectType === undefined || subjectType.includes(activity.subjectType ?? '')) &&
      (value === undefined || value === activity.value) &&
      (self === undefined || self === isSelf(activity)),
    points: amountOf(one.points, parameters),
    worth:
      typeof one.points === 'object' && 'timesValue' in one.points
        ? null
        : fixed(one.points, parameters),
    daily: limits.flatMap(({ name, points, per }) =>
      per === 'member' ? [] : [{ name, points, per }],
    ),
    perMember: limits.find((known) => known.per === 'member') ?? null,
    diminishing: one.diminishing ?? [],
  };
};

const isSelf = ({ actorId, subjectAuthorId }: Activity): boolean =>
  actorId !== null && actorId === subjectAuthorId;

type Amount = RuleDefinition['points'];

const amountOf = (amount: Amount, parameters: ReadonlyMap<string, number>): Rule['points'] => {
  if (typeof amount === 'object' && 'timesValue' in amount)
    return (activity) => amount.timesValue * activity.value;
  const value = fixed(amount, parameters);
  return () => value;
};

const fixed = (
  amount: Exclude<Amount, { timesValue: number }>,
  parameters: ReadonlyMap<string, number>,
): number => (typeof amount === 'number' ? amount : (parameters.get(amount.parameter) ?? 0));

/** All versions of a community's rules, oldest first. The day of an activity decides which is in force. */
export type RuleBook = readonly [RuleSet, ...RuleSet[]];

export const ruleSetOn = (book: RuleBook, day: Day): RuleSet =>
  book.findLast((set) => set.activeFrom === null || set.activeFrom <= day) ?? book[0];

/**
 * How far a total may fall below what a member started with, on a day: to that day's floor, from the least
 * that anyone had started with by then. Null while there is no floor. A floor above a start lifts nobody.
 */
export const depthOn = (book: RuleBook, day: Day): number | null => {
  const { floor } = ruleSetOn(book, day);
  if (floor === null) return null;
  const known = book.filter((set) => set.activeFrom === null || set.activeFrom <= day);
  const starts = (known.length > 0 ? known : [book[0]]).map((set) => set.startingPoints);
  return Math.max(0, Math.min(...starts) - floor);
};

/** The least of all its days' depths: whoever never falls so far never meets a floor. */
export const leastDepth = (book: RuleBook): number | null => {
  const floors = book.flatMap(({ floor }) => (floor === null ? [] : [floor]));
  if (floors.length === 0) return null;
  const starts = book.map((set) => set.startingPoints);
  return Math.max(0, Math.min(...starts) - Math.max(...floors));
};

/** The highest level whose threshold the points reach; the first one below all thresholds. */
export const levelOf = (
  levels: readonly Level[],
  pointsNow: number,
): Level & { number: number } => {
  const index = Math.max(
    0,
    levels.findLastIndex((one) => one.from <= pointsNow),
  );
  const found = levels[index];
  if (!found) throw new Error('a rule set has at least one level');
  return { ...found, number: index + 1 };
};

/** The badges of a community: those of its latest rules. They state what is, so they have no eras. */
export const badgesOf = (book: RuleBook): readonly BadgeDefinition[] =>
  (book.at(-1) ?? book[0]).badges;
