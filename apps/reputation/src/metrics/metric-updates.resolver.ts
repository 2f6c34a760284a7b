import type { CommunityId } from '@lyceum/contracts';
import { badInput, type Ctx } from '@lyceum/platform';
import {
  Args,
  ArgsType,
  Field,
  ID,
  Int,
  ObjectType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { Interval } from '../engagement/engagement.queries';
import { EngagementInterval } from '../engagement/engagement.resolver';
import { startOf, step } from '../engagement/intervals';
import { liveState, type Live } from '../engagement/live';
import { loadBoard, type BoardRow } from '../leaderboard/board.queries';
import {
  daysOf,
  LeaderboardPlace,
  LeaderboardWindow,
  toPlace,
} from '../leaderboard/leaderboard.resolver';
import { utcDay, type Day } from '../rules';
import { requireAnalyst } from './analysts';
import type { Point, Segment } from './ask';
import { metricNamed } from './catalogue';
import { MetricName, MetricPoint, MetricSegment } from './metric.types';
import { communityToday, readMetric } from './read-metric';

const maxLast = 366;

@ArgsType()
export class MetricUpdatesArgs {
  @Field(() => ID) communityId!: string;
  @Field(() => MetricName) name!: string;
  @Field(() => EngagementInterval, { defaultValue: EngagementInterval.DAY }) interval!: Interval;

  @Field(() => Int, { defaultValue: 30, description: 'How many intervals, up to today; 1 to 366.' })
  last!: number;

  @Field(() => String, { nullable: true }) tag?: string | null;
  @Field(() => MetricSegment, { nullable: true }) segment?: Segment | null;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last update seen: the first update has all that changed since.',
  })
  after?: string | null;
}

@ObjectType({ description: 'What has changed in a metric.' })
export class MetricUpdate {
  @Field(() => String, { description: 'Give it as `after` when the connection was lost.' })
  cursor!: string;

  @Field(() => Date) at!: Date;

  @Field(() => [MetricPoint], {
    description: 'Intervals whose value is new; all of them in the first update.',
  })
  points!: readonly MetricPoint[];
}

@ObjectType({ description: 'The top of a leaderboard, after it has changed.' })
export class LeaderboardUpdate {
  @Field(() => String, { description: 'Give it as `after` when the connection was lost.' })
  cursor!: string;

  @Field(() => Date) at!: Date;
  @Field(() => [LeaderboardPlace]) places!: readonly LeaderboardPlace[];
}

@ArgsType()
export class LeaderboardUpdatesArgs {
  @Field(() => ID) communityId!: string;

  @Field(() => LeaderboardWindow, { defaultValue: LeaderboardWindow.ALL_TIME })
  window!: LeaderboardWindow;

  @Field(() => Int, { defaultValue: 10, description: 'How many places, 1 to 100.' }) first!: number;
  @Field(() => String, { nullable: true }) after?: string | null;
}

@Resolver()
export class MetricUpdatesResolver {
  @Subscription(() => MetricUpdate, {
    description:
      'A metric of a community as it changes, at most once a second. Nothing is missed over a break: resume with the cursor. Metrics that are not public are for owners, admins and analysts.',
    subscribe: ({ args, context }) => watchMetric(context as Ctx, args as MetricUpdatesArgs),
  })
  metricUpdated(
    @Root() { cursor, at, state }: Live<readonly Point[]>,
    @Args(() => MetricUpdatesArgs) _args: MetricUpdatesArgs,
  ): MetricUpdate {
    return { cursor, at, points: state };
  }

  @Subscription(() => LeaderboardUpdate, {
    description:
      'The top of a leaderboard each time it changes, at most once a second. Resume with the cursor after a break.',
    subscribe: ({ args, context }) => watchBoard(context as Ctx, args as LeaderboardUpdatesArgs),
  })
  leaderboardUpdated(
    @Root() { cursor, at, state }: Live<readonly BoardRow[]>,
    @Args(() => LeaderboardUpdatesArgs) _args: LeaderboardUpdatesArgs,
  ): LeaderboardUpdate {
    return { cursor, at, places: state.map(toPlace) };
  }
}

const watchMetric = (
  ctx: Ctx,
  { name, interval, last, tag, segment, communityId, after }: MetricUpdatesArgs,
): Promise<AsyncIterable<Live<readonly Point[]>>> => {
  if (last < 1 || last > maxLast)
    throw badInput(`"last" must be between 1 and ${String(maxLast)}.`);
  const metric = metricNamed(name);
  return liveState(ctx, {
    communityId,
    list: `metric-${name}-${interval}-${tag ?? ''}-${segment ?? ''}`,
    after,
    authorize: async (id) => {
      if (!metric.isPublic) await requireAnalyst(ctx, id);
    },
    read: async (id) => {
      const to = await communityToday(ctx, id);
      const from = firstOf(to, interval, last);
      return readMetric(ctx, id, { name, from, to, interval, tag, segment });
    },
    changes: newPoints,
  });
};

/** The first day of the interval that is `last` - 1 intervals before the one of this day. */
const firstOf = (day: Day, interval: Interval, last: number): Day => {
  let start = startOf[interval](day);
  for (let i = 1; i < last; i += 1) start = step(start, interval, -1);
  return utcDay(start);
};

const newPoints = (
  before: readonly Point[] | null,
  now: readonly Point[],
): readonly Point[] | null => {
  const known = new Map(before?.map(({ date, value }) => [date, value]));
  const changed = now.filter(({ date, value }) => known.get(date) !== value || !known.has(date));
  return changed.length === 0 ? null : changed;
};

const watchBoard = (
  ctx: Ctx,
  { communityId, window, first, after }: LeaderboardUpdatesArgs,
): Promise<AsyncIterable<Live<readonly BoardRow[]>>> => {
  if (first < 1 || first > 100) throw badInput('"first" must be between 1 and 100.');
  return liveState(ctx, {
    communityId,
    list: `board-${window}-${String(first)}`,
    after,
    authorize: () => Promise.resolve(),
    read: (id: CommunityId) =>
      loadBoard(ctx, id, {
        tag: null,
        days: daysOf({ window }, ctx.deps.now()),
        after: null,
        limit: first,
      }),
    changes: (before, now) => (JSON.stringify(before) === JSON.stringify(now) ? null : now),
  });
};
