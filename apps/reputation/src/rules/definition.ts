import { z } from 'zod';
import { activityKinds } from './activity-kinds';
import { badgeDefinition } from './badge';
import { trustFacts } from './trust';

const name = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9-]*$/, 'must be lower case words joined by -');
const parameterName = z
  .string()
  .max(60)
  .regex(/^[a-z][a-zA-Z0-9]*$/, 'must be camelCase');
const sentence = z.string().min(1).max(500);

/** So far above what a community needs that no sum of them leaves an int4. */
const mostPoints = 100_000;
const amount = z.int().min(-mostPoints).max(mostPoints);

const points = z.union([
  amount,
  z.strictObject({ parameter: parameterName }).describe('the value of a parameter of the rule set'),
  z
    .strictObject({ timesValue: z.int().min(-1000).max(1000) })
    .describe("this many points for each unit of the activity's value"),
]);

const condition = z
  .strictObject({
    subjectType: z.array(z.string().max(40)).nonempty().max(20),
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
  diminishing: z
    .array(z.int().min(0).max(100))
    .nonempty()
    .max(50)
    .optional()
    .describe(
      'percent that the first, second, … award of this rule to a member on a day is worth; the last holds for all after it',
    ),
  reason: sentence.describe('what a member reads; {subject} stands for the kind of post'),
});

const limit = z.strictObject({
  name,
  points: z.int().positive().max(1_000_000),
  per: z
    .enum(['day', 'pair', 'source', 'member'])
    .describe(
      'how much a member can gain: on a UTC day; on a day because of one other member; on a day for one post; in all time',
    ),
});

const level = z.strictObject({ name: z.string().min(1).max(60), from: z.int() });

/** What points can unlock. The subgraph that a thing belongs to enforces it. */
export const privilegeNames = [
  'upvote',
  'downvote',
  'post-links',
  'invite',
  'create-tags',
  'edit-tags',
  'edit-posts',
  'edit-without-review',
  'review-posts',
  'review-tags',
  'tag-synonyms',
  'comment',
  'set-bounties',
  'close-questions',
] as const;
export type PrivilegeName = (typeof privilegeNames)[number];

/** Rules may name them, and there is nothing here yet that they would unlock: nobody is told of them. */
const unlockingNothing: readonly PrivilegeName[] = ['invite', 'tag-synonyms'];
export const isEnforced = (name: PrivilegeName): boolean => !unlockingNothing.includes(name);

const privilege = z.strictObject({
  name: z.enum(privilegeNames),
  from: z.int().describe('the points from which a member has it'),
});

const trustLevel = z.strictObject({
  name: z.string().min(1).max(60),
  bars: z
    .partialRecord(z.enum(trustFacts), z.int().min(1).max(1_000_000))
    .describe(
      'how much of each a member must have; `recent…` is of 100 days, shares are in percent',
    ),
});

const decay = z.strictObject({
  halfLifeDays: z
    .int()
    .min(7)
    .max(3650)
    .describe('after so many days points weigh half in `currentPoints`; none is ever taken away'),
});

const percent = z.int().min(0).max(100);

const newAccounts = z.strictObject({
  fullAfterDays: z
    .int()
    .min(1)
    .max(365)
    .describe('from this age of an account on its votes count in full'),
  firstDay: percent.describe('percent that a vote counts on the first day; it grows day by day'),
  unverified: percent.describe(
    'percent that a vote counts at most while the address is unverified',
  ),
});

const referrals = z.strictObject({
  purchaseWithinDays: z
    .int()
    .min(1)
    .max(365)
    .describe('how many days after joining the first purchase of somebody who was brought counts'),
  mostPerMonth: z
    .int()
    .min(0)
    .max(1000)
    .describe('of how many, who became active or bought in a UTC month, a member has something'),
});

/** A rule set as people write it: pure data, valid on its own. */
export const ruleSetDefinition = z
  .strictObject({
    name,
    description: z.string().max(2_000),
    parameters: z.record(
      parameterName,
      z.strictObject({ default: amount, description: z.string().max(500) }),
    ),
    startingPoints: amount,
    floor: amount.nullable().describe('a total never falls below this; null for no floor'),
    limits: z.array(limit).max(50),
    rules: z.array(rule).max(200),
    levels: z.array(level).nonempty().max(50),
    privileges: z.array(privilege).optional(),
    decay: decay.optional(),
    trust: z
      .array(trustLevel)
      .min(1)
      .max(3)
      .optional()
      .describe(
        'levels 1, 2 and 3 of trust, each with all that is below; none given: those of Discourse',
      ),
    newAccounts: newAccounts.optional().describe('none given: every vote counts in full'),
    referrals: referrals.optional().describe('none given: 30 days, 10 a month'),
    badges: z.array(badgeDefinition).max(100).optional().describe('none given: the standard ones'),
  })
  .superRefine((set, context) => {
    for (const problem of problemsOf(set)) context.addIssue({ code: 'custom', message: problem });
  });

export type RuleSetDefinition = z.infer<typeof ruleSetDefinition>;
export type RuleDefinition = RuleSetDefinition['rules'][number];

const problemsOf = (set: RuleSetDefinition): string[] => [
  ...repeated(set.rules.map((one) => one.name)).map((one) => `two rules are called ${one}`),
  ...repeated(set.limits.map((one) => one.name)).map((one) => `two limits are called ${one}`),
  ...set.rules.flatMap((one) => problemsOfRule(set, one)),
  ...(set.levels.every((one, i) => i === 0 || one.from > (set.levels[i - 1]?.from ?? 0))
    ? []
    : ['levels must rise']),
  ...(set.floor !== null && set.floor > set.startingPoints ? ['the floor is above the start'] : []),
  ...repeated((set.badges ?? []).map((one) => one.name)).map(
    (one) => `two badges are called ${one}`,
  ),
  ...repeated((set.trust ?? []).map((one) => one.name)).map(
    (one) => `two levels of trust are called ${one}`,
  ),
  ...(set.trust ?? [])
    .filter(({ bars }) => Object.keys(bars).length === 0)
    .map((one) => `the level of trust ${one.name} asks for nothing`),
  ...repeated((set.privileges ?? []).map((one) => one.name)).map(
    (one) => `the privilege ${one} is unlocked twice`,
  ),
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

/** The published JSON Schema (2020-12) of what people write; defaults may be left out. */
export const ruleSetJsonSchema = (): Record<string, unknown> => ({
  $id: 'https://lyceum.dev/schemas/rule-set.json',
  title: 'Incentive rules of a community',
  ...z.toJSONSchema(ruleSetDefinition, { io: 'input' }),
});
