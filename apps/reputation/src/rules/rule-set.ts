import { z } from 'zod';
import { activityKinds, type Activity, type ActivityKind, type Day } from './activity';

const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower case words joined by -');
const parameterName = z.string().regex(/^[a-z][a-zA-Z0-9]*$/, 'camelCase');

const points = z.union([
  z.int(),
  z.strictObject({ parameter: parameterName }).describe('the value of a parameter of the rule set'),
  z
    .strictObject({ timesValue: z.int() })
    .describe("this many points for each unit of the activity's value"),
]);

const condition = z
  .strictObject({
    subjectType: z.array(z.string()).nonempty(),
    value: z.int(),
    self: z.boolean().describe("whether the actor is the subject's author"),
  })
  .partial();

const rule = z.strictObject({
  name,
  on: z.enum(activityKinds),
  when: condition.default({}),
  to: z.enum(['actor', 'subject-author']),
  points,
  limits: z.array(name).default([]).describe('the limits that count these points'),
  reason: z.string().min(1).describe('what a member reads; {subject} stands for the kind of post'),
});

const limit = z.strictObject({
  name,
  points: z.int().positive(),
  per: z.enum(['day', 'member']).describe('a UTC day of a member, or all time'),
});

const level = z.strictObject({ name: z.string().min(1), from: z.int() });

/** A rule set as people write it: pure data, valid on its own. */
export const ruleSetDefinition = z
  .strictObject({
    name,
    description: z.string(),
    parameters: z.record(
      parameterName,
      z.strictObject({ default: z.int(), description: z.string() }),
    ),
    startingPoints: z.int(),
    floor: z.int().nullable().describe('a total never falls below this; null for no floor'),
    limits: z.array(limit),
    rules: z.array(rule),
    levels: z.array(level).nonempty(),
  })
  .superRefine((set, context) => {
    for (const problem of problemsOf(set)) context.addIssue({ code: 'custom', message: problem });
  });

export type RuleSetDefinition = z.infer<typeof ruleSetDefinition>;
type RuleDefinition = RuleSetDefinition['rules'][number];

const problemsOf = (set: RuleSetDefinition): string[] => [
  ...repeated(set.rules.map((one) => one.name)).map((one) => `two rules are called ${one}`),
  ...repeated(set.limits.map((one) => one.name)).map((one) => `two limits are called ${one}`),
  ...set.rules.flatMap((one) => problemsOfRule(set, one)),
  ...(set.levels.every((one, i) => i === 0 || one.from > (set.levels[i - 1]?.from ?? 0))
    ? []
    : ['levels must rise']),
  ...(set.floor !== null && set.floor > set.startingPoints ? ['the floor is above the start'] : []),
];

const problemsOfRule = (set: RuleSetDefinition, one: RuleDefinition): string[] => {
  const limits = one.limits.map((wanted) => set.limits.find((known) => known.name === wanted));
  return [
    ...(limits.includes(undefined) ? [`${one.name} names a limit that does not exist`] : []),
    ...repeated(limits.map((known) => known?.per ?? '')).map(
      (per) => `${one.name} counts towards two limits per ${per}`,
    ),
    ...(typeof one.points === 'object' &&
    'parameter' in one.points &&
    !(one.points.parameter in set.parameters)
      ? [`${one.name} names a parameter that does not exist`]
      : []),
  ];
};

const repeated = (names: readonly string[]): string[] =>
  names.filter((one, i) => names.indexOf(one) !== i);

export interface Rule {
  readonly name: string;
  readonly on: ActivityKind;
  readonly to: 'actor' | 'subject-author';
  readonly reason: string;
  readonly applies: (activity: Activity) => boolean;
  readonly points: (activity: Activity) => number;
  /** How many points this rule's daily limit allows a member a day, with the limit's name. */
  readonly perDay: Limit | null;
  readonly perMember: Limit | null;
}

export interface Limit {
  readonly name: string;
  readonly points: number;
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
  readonly rulesOn: ReadonlyMap<ActivityKind, readonly Rule[]>;
  readonly ruleNamed: ReadonlyMap<string, Rule>;
}

export interface Level {
  readonly name: string;
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
  const rules = definition.rules.map((one) => compile(definition, one, parameters));
  return {
    name: definition.name,
    version: activation.version,
    activeFrom: activation.activeFrom ?? null,
    startingPoints: definition.startingPoints,
    floor: definition.floor,
    levels: definition.levels,
    rulesOn: new Map(activityKinds.map((kind) => [kind, rules.filter((one) => one.on === kind)])),
    ruleNamed: new Map(rules.map((one) => [one.name, one])),
  };
};

const compile = (
  set: RuleSetDefinition,
  one: RuleDefinition,
  parameters: ReadonlyMap<string, number>,
): Rule => {
  const limits = set.limits.filter((known) => one.limits.includes(known.name));
  const { subjectType, value, self } = one.when;
  return {
    name: one.name,
    on: one.on,
    to: one.to,
    reason: one.reason,
    applies: (activity) =>
      (subjectType === undefined || subjectType.includes(activity.subjectType ?? '')) &&
      (value === undefined || value === activity.value) &&
      (self === undefined || self === isSelf(activity)),
    points: amountOf(one.points, parameters),
    perDay: limits.find((known) => known.per === 'day') ?? null,
    perMember: limits.find((known) => known.per === 'member') ?? null,
  };
};

const isSelf = ({ actorId, subjectAuthorId }: Activity): boolean =>
  actorId !== null && actorId === subjectAuthorId;

const amountOf = (
  amount: RuleDefinition['points'],
  parameters: ReadonlyMap<string, number>,
): Rule['points'] => {
  if (typeof amount === 'number') return () => amount;
  if ('timesValue' in amount) return (activity) => amount.timesValue * activity.value;
  const value = parameters.get(amount.parameter) ?? 0;
  return () => value;
};

/** All versions of a community's rules, oldest first. The day of an activity decides which is in force. */
export type RuleBook = readonly [RuleSet, ...RuleSet[]];

export const ruleSetOn = (book: RuleBook, day: Day): RuleSet =>
  book.findLast((set) => set.activeFrom === null || set.activeFrom <= day) ?? book[0];

/** The version that levels, the floor and the start are read from. */
export const latestRuleSet = (book: RuleBook): RuleSet => book[book.length - 1] ?? book[0];

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
