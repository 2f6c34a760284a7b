import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { may, roles, type AccountId, type RightName, type RoleName } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import { execute, getNamedType, isInterfaceType, isUnionType, parse, validate } from 'graphql';
import type { GraphQLField, GraphQLSchema } from 'graphql';
import type { EntityManager } from 'typeorm';

/*
 * The matrix of rights, asked through the graph of one subgraph: each operation by each actor, on what is the
 * actor's own and on what is of somebody else. Whoever may must succeed; everybody else must be refused, and no row
 * of any table may be another afterwards.
 */

/** Who asks: the eight roles, those whose membership is over, the owner of another community, and nobody. */
export const actors = [...roles, 'left', 'banned', 'stranger', 'nobody'] as const;
export type ActorName = (typeof actors)[number];

/** On what: on what the actor has made, or on what another member has. */
export type Whose = 'own' | 'other';

export interface Operation<Person> {
  /** What the table of rights says of it; it is who may, unless `may` says more. */
  readonly right?: RightName;
  /** What goes by who made the object. */
  readonly may?: (actor: ActorName, whose: Whose) => boolean;
  /** Without it, members are asked on both; who never was one has nothing of their own. */
  readonly whose?: readonly Whose[];
  /** Codes of the expected errors that refuse; FORBIDDEN and UNAUTHENTICATED always do. */
  readonly refusals?: readonly string[];
  /** What is asked, of what is no mutation with an `input`, or whose outcome is said in another way. */
  readonly document?: string;
  /** A new object of `owner`, and the variables with which `actor` asks for it. */
  make(about: {
    readonly owner: Person;
    readonly actor: Person | null;
    readonly whose: Whose;
  }): Promise<Record<string, unknown>> | Record<string, unknown>;
}

export interface RightsWorld<Person> {
  readonly schema: GraphQLSchema;
  readonly db: EntityManager;
  as(account: AccountId | null): Ctx;
  readonly people: Readonly<Record<Exclude<ActorName, 'nobody'>, Person>>;
  /** An active member who is none of the actors: the owner of what is of others. */
  readonly other: Person;
  close(): Promise<void>;
}

export interface RightsMatrix<Person> {
  /** The rights that this subgraph decides by; each needs an operation. */
  readonly rights: readonly RightName[];
  readonly operations: Readonly<Record<string, Operation<Person>>>;
  /**
   * Mutations that go by ownership, not by role, and whose cases are in a test of their own: its file, and after `#`
   * what calls it there, when that has another name.
   */
  readonly byOwnership?: Readonly<Record<string, string>>;
  /** Mutations that nobody needs to be logged in for. */
  readonly open?: readonly string[];
  world(): Promise<RightsWorld<Person>>;
}

export const isActive = (actor: ActorName): actor is RoleName => roles.includes(actor as RoleName);

/** Who may, of the things that go by who made them. */
export const byOwner = (actor: ActorName, whose: Whose): boolean =>
  whose === 'own' && isActive(actor);

export const notOwn = (actor: ActorName, whose: Whose): boolean =>
  whose === 'other' && isActive(actor);

/** Who made it, and who has a right. */
export const ownerOr =
  (right: RightName) =>
  (actor: ActorName, whose: Whose): boolean =>
    isActive(actor) && (whose === 'own' || may(actor, right));

export const describeRights = <Person extends { readonly accountId: AccountId }>(
  matrix: RightsMatrix<Person>,
): void => {
  const { operations, byOwnership = {} } = matrix;
  const sizes = Object.values(operations).map((operation) => casesOf(operation).length);
  const size = sizes.reduce((sum, cases) => sum + cases, 0);

  describe(`the matrix of rights, ${String(size)} cases`, () => {
    let world: RightsWorld<Person>;
    jest.setTimeout(120_000);
    beforeAll(async () => {
      world = await matrix.world();
    });
    afterAll(() => world.close());

    it('has a case for every right', () => {
      const tried = new Set(Object.values(operations).map(({ right }) => right));
      expect(matrix.rights.filter((right) => !tried.has(right))).toEqual([]);
    });

    it('has every mutation, or says where its cases are', () => {
      const known = (name: string): boolean => {
        if (Object.values(operations).some(({ document }) => mentions(document, name))) return true;
        const [file, called = name] = byOwnership[name]?.split('#') ?? [];
        if (file !== undefined)
          return existsSync(file) && mentions(readFileSync(file, 'utf8'), called);
        return name in operations || (matrix.open?.includes(name) ?? false);
      };
      expect(
        mutationsOf(world.schema)
          .filter(({ name }) => !known(name))
          .map(({ name }) => name),
      ).toEqual([]);
    });

    it('has no mutation for nobody, unless it says so', async () => {
      const answered: string[] = [];
      for (const field of mutationsOf(world.schema)) {
        if (matrix.open?.includes(field.name)) continue;
        const error = await outcomeForNobody(world, field);
        if (error !== 'UNAUTHENTICATED') answered.push(`${field.name}: ${String(error)}`);
      }
      expect(answered).toEqual([]);
    });

    it.each(Object.keys(operations))('%s', async (name) => {
      expect(await tryAll(world, name, operations[name] ?? assert.fail())).toEqual([]);
    });
  });
};

interface Case {
  readonly actor: ActorName;
  readonly whose: Whose;
  readonly isAllowed: boolean;
}

const casesOf = <Person>({
  right,
  may: isAllowed,
  whose: asked,
}: Operation<Person>): readonly Case[] =>
  actors.flatMap((actor) => {
    const each =
      asked ??
      (actor === 'stranger' || actor === 'nobody'
        ? ['other' as const]
        : ['own' as const, 'other' as const]);
    return each.map((whose) => ({
      actor,
      whose,
      isAllowed:
        isAllowed?.(actor, whose) ?? (right !== undefined && isActive(actor) && may(actor, right)),
    }));
  });

/** What went otherwise than it should have. */
const tryAll = async <Person extends { readonly accountId: AccountId }>(
  world: RightsWorld<Person>,
  name: string,
  operation: Operation<Person>,
): Promise<readonly string[]> => {
  const document = operation.document ?? documentOf(world.schema, name);
  const refusals = ['FORBIDDEN', 'UNAUTHENTICATED', ...(operation.refusals ?? [])];
  const prepare = async ({ actor, whose }: Case) => {
    const person = actor === 'nobody' ? null : world.people[actor];
    const owner = whose === 'own' && person !== null ? person : world.other;
    const variables = await operation.make({ owner, actor: person, whose });
    return () => outcomeOf(world, { document, variables, by: person?.accountId ?? null });
  };
  const wrong: string[] = [];
  const cases = casesOf(operation);
  const refused: [Case, () => Promise<string>][] = [];
  for (const each of cases) if (!each.isAllowed) refused.push([each, await prepare(each)]);
  const before = await everyRow(world.db);
  for (const [{ actor, whose }, ask] of refused) {
    const seen = await ask();
    if (!refusals.includes(seen)) wrong.push(`${actor}, ${whose}: ${seen}`);
  }
  const after = await everyRow(world.db);
  for (const [table, digest] of Object.entries(after))
    if (digest !== before[table]) wrong.push(`refused, and ${table} has changed`);
  for (const each of cases.filter(({ isAllowed }) => isAllowed)) {
    const seen = await (await prepare(each))();
    if (seen !== 'allowed') wrong.push(`${each.actor}, ${each.whose}: ${seen}`);
  }
  return wrong;
};

const outcomeOf = async (
  { schema, as }: Pick<RightsWorld<unknown>, 'schema' | 'as'>,
  request: { document: string; variables: Record<string, unknown>; by: AccountId | null },
): Promise<string> => {
  const document = parse(request.document);
  const [mistake] = validate(schema, document);
  if (mistake !== undefined) throw mistake; // of the test, not of what it tests
  const { data, errors = [] } = await execute({
    schema,
    document,
    contextValue: as(request.by),
    variableValues: request.variables,
  });
  if (errors[0] !== undefined) {
    const { code } = errors[0].extensions;
    return typeof code === 'string' ? code : errors[0].message;
  }
  const answer = firstOf(data);
  // Of fields of an entity: what the first of the entities has in the first of them.
  return said(Array.isArray(answer) && data?.['_entities'] ? firstOf(answer[0]) : answer);
};

const firstOf = (answer: unknown): unknown => Object.values(answer ?? {})[0];

const said = (answer: unknown): string =>
  answer === null ? 'null' : ((answer as { code?: string }).code ?? 'allowed');

/** A digest of each table. */
const everyRow = async (db: EntityManager): Promise<Record<string, string>> => {
  const tables = await db.query<{ name: string }[]>(
    `SELECT format('%I', relname) AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  const digests = await db.query<{ name: string; digest: string }[]>(
    tables
      .map(
        ({ name }) =>
          `SELECT '${name}' AS name, coalesce(sum(hashtextextended(r::text, 0)), 0)::text AS digest FROM ${name} AS r`,
      )
      .join(' UNION ALL '),
  );
  return Object.fromEntries(digests.map(({ name, digest }) => [name, digest]));
};

const mutationsOf = (schema: GraphQLSchema): readonly GraphQLField<unknown, unknown>[] =>
  Object.values(schema.getMutationType()?.getFields() ?? {});

/** Asks for all arguments of the mutation, and for the code if it is refused. */
const documentOf = (schema: GraphQLSchema, name: string): string => {
  const field = mutationsOf(schema).find((mutation) => mutation.name === name);
  assert(field !== undefined, `there is no mutation ${name}`);
  const type = getNamedType(field.type);
  const canRefuse =
    isUnionType(type) &&
    type
      .getTypes()
      .some((member) =>
        member.getInterfaces().some((i) => isInterfaceType(i) && i.name === 'UserError'),
      );
  const declared = field.args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const passed = field.args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const selected = `__typename${canRefuse ? ' ... on UserError { code }' : ''}`;
  return `mutation (${declared}) { ${name}(${passed}) { ${selected} } }`;
};

const outcomeForNobody = async (
  { as }: Pick<RightsWorld<unknown>, 'as'>,
  field: GraphQLField<unknown, unknown>,
): Promise<unknown> => {
  try {
    // Who is not logged in is refused before anything is looked at.
    await field.resolve?.({}, {}, as(null), { fieldName: field.name } as never);
    return 'answered';
  } catch (error) {
    return (error as { extensions?: Record<string, unknown> }).extensions?.['code'];
  }
};

const mentions = (text: string | undefined, name: string): boolean =>
  text !== undefined && new RegExp(`\\b${name}\\b`).test(text);
