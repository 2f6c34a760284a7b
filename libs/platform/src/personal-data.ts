import {
  ErasureRequested,
  isId,
  PartErased,
  type AccountId,
  type Destination,
  type MemberId,
} from '@lyceum/contracts';
import {
  Args,
  ArgsType,
  Ctx as Context,
  Directive,
  Field,
  ID,
  Int,
  Query,
  Resolver,
  type ClassType,
} from 'type-graphql';
import type { EntityManager } from 'typeorm';
import { consume, type Consumer } from './consume';
import type { Ctx } from './context';

/** Whose data it is: an account, and what it is called in each community. */
export interface Person {
  readonly accountId: AccountId;
  readonly memberIds: readonly MemberId[];
}

/** What an app holds about a person in one table, how it is handed out, and what becomes of it on erasure. */
export interface PersonalTable {
  readonly table: string;
  /** SQL over a row `t`: whether it is about the person. `$1` is the account, `$2` its members. */
  readonly isAbout: string;
  /** SQL over a row `t`: a text, unique among the person's rows, by which they are paged. */
  readonly key?: string;
  /** Columns that are no business of the person's: secrets, and what proves nothing to them. */
  readonly leftOut?: readonly string[];
  readonly onErasure:
    | { readonly kind: 'delete' }
    /** What follows SET: texts go, and what others rely on stays under a name that says nothing. */
    | { readonly kind: 'clear'; readonly set: string }
    /** Stays as it is, for this reason; docs/privacy.md lists these. */
    | { readonly kind: 'keep'; readonly because: string };
}

/** One page of a person's rows in one table. */
export interface PersonalPage {
  readonly rows: readonly Record<string, unknown>[];
  /** The key to go on after; null at the end. */
  readonly next: string | null;
}

const pageSize = 500;
const defaultKey = 't.id::text';

export const personalPage = async (
  db: EntityManager,
  table: PersonalTable,
  { person, after }: { person: Person; after: string | null },
): Promise<PersonalPage> => {
  const { isAbout, key = defaultKey, leftOut = [] } = table;
  const rows = await db.query<{ key: string; row: Record<string, unknown> }[]>(
    `SELECT ${key} AS key, to_jsonb(t) - $4::text[] AS row FROM ${table.table} AS t
     WHERE (${isAbout}) AND ($1::uuid IS NOT NULL) AND ($2::uuid[] IS NOT NULL)
       AND ($3::text IS NULL OR ${key} > $3) ORDER BY 1 LIMIT ${String(pageSize + 1)}`,
    [person.accountId, person.memberIds, after, leftOut],
  );
  const page = rows.slice(0, pageSize);
  return {
    rows: page.map(({ row }) => row),
    next: rows.length > pageSize ? (page.at(-1)?.key ?? null) : null,
  };
};

export interface ErasedTable {
  readonly table: string;
  readonly rows: number;
}

/** Erases what the tables hold about the person, in their order. Doing it again finds nothing more to do. */
export const erasePerson = async (
  db: EntityManager,
  tables: readonly PersonalTable[],
  person: Person,
): Promise<readonly ErasedTable[]> => {
  const erased: ErasedTable[] = [];
  for (const { table, isAbout, onErasure } of tables) {
    if (onErasure.kind === 'keep') continue;
    const where = `WHERE (${isAbout}) AND ($1::uuid IS NOT NULL) AND ($2::uuid[] IS NOT NULL)`;
    const [, rows] = await db.query<[unknown, number]>(
      onErasure.kind === 'delete'
        ? `DELETE FROM ${table} AS t ${where}`
        : `UPDATE ${table} AS t SET ${onErasure.set} ${where}`,
      [person.accountId, person.memberIds],
    );
    erased.push({ table, rows });
  }
  return erased;
};

/** What an app adds to exports and erasures: an internal field that identity reads, and a consumer. */
export const personalDataOf = (app: {
  readonly part: 'content' | 'payments' | 'reputation';
  readonly destination: Destination;
  readonly tables: readonly PersonalTable[];
}): { readonly resolvers: readonly ClassType[]; readonly consumers: readonly Consumer[] } => ({
  resolvers: [exportResolver(app)],
  consumers: [
    consume({
      name: `${app.part}.erase-person`,
      destination: app.destination,
      types: [ErasureRequested],
      handle: async (tx, events) => {
        for (const { payload } of events) {
          const tables = [...(await erasePerson(tx.db, app.tables, payload))];
          await tx.emit(PartErased, { erasureId: payload.erasureId, part: app.part, tables });
        }
      },
    }),
  ],
});

/** The name of the field by which identity reads a page of an app's personal data. */
export const personalDataField = (part: string): string => `${part}PersonalData`;

@ArgsType()
class PersonalDataArgs {
  @Field(() => ID) accountId!: AccountId;
  @Field(() => [ID]) memberIds!: MemberId[];
  @Field(() => Int) table!: number;
  @Field(() => String, { nullable: true }) after?: string | null;
}

const exportResolver = ({
  part,
  tables,
}: {
  part: string;
  tables: readonly PersonalTable[];
}): ClassType => {
  @Resolver()
  class PersonalDataResolver {
    /** Only for identity, which has made sure that it is the person who asks. */
    @Directive('@inaccessible')
    @Query(() => String, {
      name: personalDataField(part),
      nullable: true,
      description: 'JSON: a page of what is held about a person; null after the last table.',
    })
    async page(
      @Context() ctx: Ctx,
      @Args(() => PersonalDataArgs) args: PersonalDataArgs,
    ): Promise<string | null> {
      const { accountId, memberIds, table: index, after } = args;
      const table = tables[index];
      if (table === undefined || !isId(accountId) || !memberIds.every(isId)) return null;
      const person = { accountId, memberIds };
      const page = await personalPage(ctx.db, table, { person, after: after ?? null });
      return JSON.stringify({ table: table.table, ...page });
    }
  }
  return PersonalDataResolver;
};
