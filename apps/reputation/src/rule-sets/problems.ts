import type { z } from 'zod';
import { Field, ObjectType } from 'type-graphql';
import {
  activate,
  isEnforced,
  ruleSetDefinition,
  UnknownParameter,
  type RuleSetDefinition,
} from '../rules';

@ObjectType({ description: 'What is wrong with rules, and where.' })
export class RuleProblem {
  @Field(() => String, {
    description: 'Where, as people would say it: `rule "upvoted", points`. Empty: the whole.',
  })
  where!: string;

  @Field(() => String, { description: 'What is wrong, and what would be right.' })
  problem!: string;
}

const shownAtMost = 20;

interface Drafted {
  readonly definition: unknown;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Reads what a community owner wrote: the definition, or all that is wrong with it, in the owner's words. */
export const readDraft = ({
  definition,
  parameters,
}: Drafted): RuleSetDefinition | readonly RuleProblem[] => {
  const read = ruleSetDefinition.safeParse(definition);
  if (!read.success)
    return read.error.issues.slice(0, shownAtMost).map((issue) => ({
      where: placeOf(definition, issue.path),
      problem: issue.path.length === 0 && issue.code === 'custom' ? issue.message : tell(issue),
    }));
  const problems = [
    ...selfRewards(read.data),
    ...emptyPrivileges(read.data),
    ...problemsOfParameters(read.data, parameters),
  ];
  return problems.length > 0 ? problems : read.data;
};

/** Rules that would let members reward themselves, which no community means. */
const selfRewards = ({ rules }: RuleSetDefinition): RuleProblem[] =>
  rules
    .filter(
      ({ on, when, to }) =>
        (on === 'vote' || on === 'acceptance') && to === 'subject-author' && when.self !== false,
    )
    .map(({ name }) => ({
      where: `rule "${name}", when`,
      problem: 'needs "self": false, or members could reward their own posts',
    }));

const emptyPrivileges = ({ privileges = [] }: RuleSetDefinition): RuleProblem[] =>
  privileges
    .filter(({ name }) => !isEnforced(name))
    .map(({ name }) => ({
      where: `privilege "${name}"`,
      problem: 'unlocks nothing: there is no such thing to do here yet',
    }));

const problemsOfParameters = (
  definition: RuleSetDefinition,
  parameters: Drafted['parameters'],
): RuleProblem[] => {
  const odd = Object.entries(parameters).filter(([, value]) => !isAmount(value));
  if (odd.length > 0)
    return odd.map(([name]) => ({
      where: `parameter "${name}"`,
      problem: 'must be a whole number between -100000 and 100000',
    }));
  try {
    activate(definition, { version: 1, parameters: parameters as Record<string, number> }); // checked above
    return [];
  } catch (error) {
    if (!(error instanceof UnknownParameter)) throw error;
    return [{ where: 'parameters', problem: error.message }];
  }
};

const isAmount = (value: unknown): boolean =>
  Number.isInteger(value) && Math.abs(Number(value)) <= 100_000;

const singular: Readonly<Record<string, string>> = {
  rules: 'rule',
  limits: 'limit',
  levels: 'level',
  privileges: 'privilege',
};

/** `rules.3.points` becomes `rule "upvoted", points`: owners know their rules by name, not by number. */
const placeOf = (definition: unknown, path: readonly PropertyKey[]): string => {
  const [list, index, ...rest] = path;
  const word = singular[String(list)];
  if (word === undefined || typeof index !== 'number')
    return path.map((part) => String(part)).join(', ');
  const item = (definition as Record<string, { name?: unknown }[]>)[String(list)]?.[index]; // has this path
  const named =
    typeof item?.name === 'string'
      ? `${word} "${item.name}"`
      : `${ordinal(index + 1)} of ${String(list)}`;
  return [named, ...rest.map((part) => String(part))].join(', ');
};

const ordinal = (n: number): string => `number ${String(n)}`;

const tell = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined && issue.message.includes('undefined')
        ? 'is missing'
        : `must be ${aKindOf(issue.expected)}`;
    case 'invalid_value':
      return `must be one of: ${issue.values.map((value) => String(value)).join(', ')}`;
    case 'unrecognized_keys':
      return `has what rules do not know: ${issue.keys.join(', ')}`;
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'string'
        ? 'must not be empty'
        : `must be at least ${String(issue.minimum)}`;
    case 'too_big':
      return issue.origin === 'array' || issue.origin === 'string'
        ? `must not have more than ${String(issue.maximum)}`
        : `must be at most ${String(issue.maximum)}`;
    case 'invalid_union':
      return 'must be a whole number, {"parameter": "its name"} or {"timesValue": a whole number}';
    default:
      return issue.message;
  }
};

const kinds: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  boolean: 'true or false',
};

const aKindOf = (expected: string): string => kinds[expected] ?? expected;
