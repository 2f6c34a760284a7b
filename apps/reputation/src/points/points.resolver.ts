import { isId } from '@lyceum/contracts';
import {
  badInput,
  load,
  PageArgs,
  parsePage,
  toConnection,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import {
  Args,
  Ctx as Context,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { rankOfMember, standingOfMember } from '../leaderboard/board.queries';
import { Member } from '../members/member.type';
import { Subject, subjectOf } from '../posts/subject.type';
import { levelOf, reasonOf, ruleSetOn, utcDay } from '../rules';
import { ruleBookOfCommunity } from '../rule-sets/rule-books';
import { loadEntries } from './point-entry.queries';
import { ExplainedEntry, PointEntryConnection, toExplained } from './point-entry.type';

@ObjectType({ description: 'A stage that members reach by their points.' })
export class Level {
  @Field(() => Int, { description: '1 is the first.' }) number!: number;
  @Field(() => String) name!: string;
  @Field(() => Int, { description: 'The points from which a member has it.' }) from!: number;
}

@Resolver(() => Member)
export class MemberPointsResolver {
  @FieldResolver(() => Int, { nullable: true, description: 'The sum of all point entries.' })
  async points(@Root() member: Member, @Context() ctx: Ctx): Promise<number> {
    return (await load(ctx, standingOfMember, member.id))?.total ?? 0;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'The place on the board of all time; none for those who are not on it.',
  })
  rank(@Root() member: Member, @Context() ctx: Ctx): Promise<number | null> {
    return load(ctx, rankOfMember, member.id);
  }

  @FieldResolver(() => Level, { nullable: true })
  level(@Root() member: Member, @Context() ctx: Ctx): Promise<Level | null> {
    return level(ctx, member);
  }

  @FieldResolver(() => PointEntryConnection, {
    nullable: true,
    description: 'Why: latest first.',
  })
  pointEntries(
    @Root() member: Member,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<ExplainedEntry>> {
    return pointEntries(ctx, member, page);
  }
}

@Resolver(() => ExplainedEntry)
export class PointEntryResolver {
  @FieldResolver(() => String, { description: 'A sentence for the member.' })
  async reason(@Root() { row }: ExplainedEntry, @Context() ctx: Ctx): Promise<string> {
    const book = await load(ctx, ruleBookOfCommunity, row.communityId);
    return book === null ? row.rule : reasonOf(book, row);
  }

  @FieldResolver(() => Subject, { nullable: true, description: 'What it was about.' })
  subject(@Root() { row }: ExplainedEntry): typeof Subject | null {
    return subjectOf(row);
  }
}

const level = async (ctx: Ctx, member: Member): Promise<Level | null> => {
  const standing = await load(ctx, standingOfMember, member.id);
  if (standing === null) return null;
  const book = await load(ctx, ruleBookOfCommunity, standing.communityId);
  return book && levelOf(ruleSetOn(book, utcDay(ctx.deps.now())).levels, standing.total);
};

const list = 'point-entries';

const pointEntries = async (
  ctx: Ctx,
  member: Member,
  page: PageArgs,
): Promise<Connection<ExplainedEntry>> => {
  const { first, after } = parsePage(list, page);
  const [at, id] = after ?? [];
  if (after !== null && !(Number.isSafeInteger(at) && isId(String(id))))
    throw badInput('"after" is not a cursor of this list.');
  const rows = await loadEntries(ctx, member.id, {
    after: after && { occurredAt: new Date(Number(at)).toISOString(), id: String(id) },
    limit: first + 1,
  });
  return toConnection(rows.map(toExplained), {
    list,
    first,
    positionOf: (entry) => [entry.occurredAt.getTime(), entry.id],
  });
};
