import {
  badInput,
  connectionType,
  PageArgs,
  parsePage,
  toConnection,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import { isId } from '@lyceum/contracts';
import { GraphQLLocalDate } from 'graphql-scalars';
import {
  Args,
  ArgsType,
  Ctx as Context,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql';
import { Community } from '../communities/community.type';
import { assertDay } from '../days';
import { aMember, Member } from '../members/member.type';
import { utcDay, type Day } from '../rules';
import { loadBoard, type BoardArgs, type BoardRow } from './board.queries';

export enum LeaderboardWindow {
  ALL_TIME = 'ALL_TIME',
  THIS_MONTH = 'THIS_MONTH',
  THIS_WEEK = 'THIS_WEEK',
  LAST_30_DAYS = 'LAST_30_DAYS',
  LAST_7_DAYS = 'LAST_7_DAYS',
}
registerEnumType(LeaderboardWindow, {
  name: 'LeaderboardWindow',
  description:
    'Which points count, by the UTC day of what they were given for; today is one of the days. Weeks begin on Mondays.',
});

@ObjectType({ description: 'A place on a leaderboard.' })
export class LeaderboardPlace {
  @Field(() => Int, { description: 'Dense: equal points share a rank, and no rank is left out.' })
  rank!: number;

  @Field(() => Int, { description: 'The points that count in the window.' })
  points!: number;

  @Field(() => Member, { nullable: true })
  member!: Member;
}

@ObjectType()
export class LeaderboardConnection extends connectionType(
  'LeaderboardPlace',
  () => LeaderboardPlace,
) {}

@ArgsType()
export class LeaderboardArgs extends PageArgs {
  @Field(() => LeaderboardWindow, { defaultValue: LeaderboardWindow.ALL_TIME })
  window!: LeaderboardWindow;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description: 'The board as it stood at the end of this UTC day; by default, now.',
  })
  asOf?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only points for questions with this tag, and for the answers to them.',
  })
  tag?: string | null;
}

@Resolver(() => Community)
export class LeaderboardResolver {
  @FieldResolver(() => LeaderboardConnection, {
    nullable: true,
    description: 'Members by points, highest first. Members who left are not on it.',
  })
  leaderboard(
    @Root() community: Community,
    @Context() ctx: Ctx,
    @Args(() => LeaderboardArgs) args: LeaderboardArgs,
  ): Promise<Connection<LeaderboardPlace>> {
    return leaderboard(ctx, community, args);
  }
}

const leaderboard = async (
  ctx: Ctx,
  community: Community,
  args: LeaderboardArgs,
): Promise<Connection<LeaderboardPlace>> => {
  const list = `leaderboard-${args.window}${args.tag ?? ''}`;
  if ((args.tag ?? '').length > 60) throw badInput('"tag" is too long.');
  const { first, after } = parsePage(list, args);
  const [points, memberId] = after ?? [];
  if (after !== null && !(Number.isInteger(points) && isId(String(memberId))))
    throw badInput('"after" is not a cursor of this list.');
  if (args.asOf != null) assertDay('asOf', args.asOf);
  const rows = await loadBoard(ctx, community.id, {
    days: daysOf(args, ctx.deps.now()),
    tag: args.tag ?? null,
    after: after && { points: Number(points), memberId: String(memberId) },
    limit: first + 1,
  });
  return toConnection(rows.map(toPlace), {
    list,
    first,
    positionOf: (place) => [place.points, place.member.id],
  });
};

export const toPlace = ({ rank, points, memberId }: BoardRow): LeaderboardPlace => ({
  rank,
  points,
  member: aMember(memberId),
});

/** The first day that counts, when `to` is the last; null: since ever. */
const firstDays: Readonly<Record<LeaderboardWindow, (to: Date) => Day | null>> = {
  ALL_TIME: () => null,
  THIS_MONTH: (to) => `${utcDay(to).slice(0, 7)}-01`,
  THIS_WEEK: (to) => daysBefore(to, (to.getUTCDay() + 6) % 7),
  LAST_30_DAYS: (to) => daysBefore(to, 29),
  LAST_7_DAYS: (to) => daysBefore(to, 6),
};

const daysBefore = (day: Date, days: number): Day =>
  utcDay(new Date(day.getTime() - days * 86_400_000));

export const daysOf = (
  { window, asOf }: Pick<LeaderboardArgs, 'window' | 'asOf'>,
  now: Date,
): BoardArgs['days'] => {
  const to = asOf ?? utcDay(now);
  const from = firstDays[window](new Date(`${to}T00:00:00Z`));
  return from === null && asOf == null ? null : { from, to };
};
