import { isId, type CommunityId } from '@lyceum/contracts';
import { badInput, notFound, toCursor, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Ctx as Context,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { latestActivity } from '../activity/activity-log';
import { aMember, Member } from '../members/member.type';
import { Subject, subjectOf } from '../posts/subject.type';
import { activityKinds, type Activity, type ActivityKind } from '../rules';
import { engagementTopic } from './engagement-topic';
import { metricsOfToday } from './engagement.queries';
import { canSee, requireSight } from '../communities/can-see';
import { parseRevision } from './live';
import { revisionOf } from './revision';
import { snapshots } from './snapshots';

const kindNames = Object.fromEntries(
  [...activityKinds, 'grant' as const].map((kind) => [
    kind.toUpperCase().replaceAll('-', '_'),
    kind,
  ]),
) as Record<string, ActivityKind>;
registerEnumType(kindNames, { name: 'ActivityKind', description: 'What a member did.' });

@ObjectType({ description: 'Something that happened in a community.' })
export class EngagementEvent {
  @Field(() => kindNames) kind!: ActivityKind;
  @Field(() => Date) occurredAt!: Date;

  @Field(() => Member, { nullable: true, description: 'Who did it, when that is known.' })
  actor!: Member | null;

  @Field(() => Subject, { nullable: true, description: 'What it was about.' })
  subject!: typeof Subject | null;
}

@ObjectType({
  description: "A community's metrics at an instant. Today is a day in its time zone.",
})
export class EngagementUpdate {
  @Field(() => String, { description: 'Give it as `after` when the connection was lost.' })
  cursor!: string;

  @Field(() => Date) at!: Date;
  @Field(() => Int) activeMembersToday!: number;
  @Field(() => Int) newMembersToday!: number;
  @Field(() => Int) questionsToday!: number;
  @Field(() => Int) answersToday!: number;
  @Field(() => Int) commentsToday!: number;
  @Field(() => Int) votesToday!: number;

  communityId!: CommunityId;
}

@Resolver(() => EngagementUpdate)
export class EngagementUpdatesResolver {
  @Subscription(() => EngagementUpdate, {
    description:
      "A community's metrics each time they change. Changes in quick succession come as one; the points of what happened are in force. Resume with the cursor after a break: when anything has changed, an update comes at once.",
    subscribe: ({ args, context }) => watch(context as Ctx, args as Watched),
  })
  engagementUpdated(
    @Root() update: EngagementUpdate,
    @Arg('communityId', () => ID) _communityId: string,
    @Arg('after', () => String, { nullable: true }) _after?: string | null,
  ): EngagementUpdate {
    return update;
  }

  @FieldResolver(() => EngagementEvent, { nullable: true, description: 'The latest there is.' })
  async lastEvent(
    @Root() { communityId }: EngagementUpdate,
    @Context() ctx: Ctx,
  ): Promise<EngagementEvent | null> {
    const latest = await latestActivity(ctx.db, communityId);
    return latest && toEvent(latest);
  }
}

const toEvent = (activity: Activity): EngagementEvent => ({
  kind: activity.kind,
  occurredAt: activity.occurredAt,
  actor: activity.actorId && aMember(activity.actorId),
  subject: subjectOf(activity),
});

interface Watched {
  readonly communityId: string;
  readonly after?: string | null;
}

const list = 'engagement';

const watch = async (
  ctx: Ctx,
  { communityId: id, after }: Watched,
): Promise<AsyncIterable<EngagementUpdate>> => {
  if (!isId(id)) throw badInput('"communityId" is not an id.');
  const communityId = id as CommunityId; // has the form of one; whether it exists is asked next
  const known = await update(ctx, communityId);
  if (known === null || !(await canSee(ctx, communityId)))
    throw notFound('There is no such community.');
  let seen = parseRevision(list, after);
  const isFirstAtOnce = seen !== null;
  return snapshots(ctx, { topic: engagementTopic(communityId), isFirstAtOnce }, async () => {
    await requireSight(ctx, communityId);
    const told = await update(ctx, communityId);
    const isKnown = told !== null && parseRevision(list, told.cursor) === seen;
    seen = null; // only what was seen before the break is left out
    return isKnown ? null : told;
  });
};

const update = async (ctx: Ctx, communityId: CommunityId): Promise<EngagementUpdate | null> => {
  const at = ctx.deps.now();
  const revision = await revisionOf(ctx.db, communityId); // before the state, which may then be newer
  const today = await metricsOfToday(ctx.db, communityId, at);
  return (
    today && {
      cursor: toCursor(list, [revision]),
      at,
      communityId,
      activeMembersToday: today.activeMembers,
      newMembersToday: today.newMembers,
      questionsToday: today.questions,
      answersToday: today.answers,
      commentsToday: today.comments,
      votesToday: today.votes,
    }
  );
};
