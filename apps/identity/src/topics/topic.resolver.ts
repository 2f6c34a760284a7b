import { z } from 'zod';
import {
  badInput,
  connectionType,
  load,
  PageArgs,
  parsePage,
  toConnection,
  Scopes,
  type Connection,
  type Ctx,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  ArgsType,
  Authorized,
  Ctx as Context,
  Field,
  FieldResolver,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Community } from '../communities/community.entity';
import {
  setCommunityTopics,
  SetCommunityTopicsInput,
  SetCommunityTopicsResult,
  type SetCommunityTopicsOutcome,
} from './set-topics';
import { topicsOfCommunities, topicsPage } from './topic.queries';
import { parseTopicPath, Topic } from './topic.type';

const TopicConnection = connectionType('Topic', () => Topic);
const position = z.tuple([z.string().regex(/^[a-z0-9/-]{2,122}$/)]);

@ArgsType()
class TopicsArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'A path: this topic and those below it.' })
  under?: string | null;
}

@Resolver()
export class TopicResolver {
  @Query(() => TopicConnection, { description: 'Topics that communities are under, by path.' })
  async topics(
    @Context() ctx: Ctx,
    @Args(() => TopicsArgs) { under, ...page }: TopicsArgs,
  ): Promise<Connection<Topic>> {
    const list = 'topics';
    const { first, after } = parsePage(list, page);
    const parsed = after === null ? null : position.safeParse(after);
    if (parsed?.success === false) throw badInput('"after" is not a cursor of this list.');
    const found = await topicsPage(ctx.db, {
      first,
      under: under == null ? null : parseTopicPath('under', under),
      after: parsed?.data[0] ?? null,
    });
    return toConnection(found, { list, first, positionOf: ({ path }) => [path] });
  }
}

@Resolver(() => Community)
export class CommunityTopicResolver {
  @FieldResolver(() => [Topic], { description: 'What the community is about.' })
  async topics(@Context() ctx: Ctx, @Root() { id }: Community): Promise<readonly Topic[]> {
    return (await load(ctx, topicsOfCommunities, id)) ?? [];
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => SetCommunityTopicsResult, { description: 'For owners and administrators.' })
  setCommunityTopics(
    @Context() ctx: Ctx,
    @Arg('input', () => SetCommunityTopicsInput) input: SetCommunityTopicsInput,
  ): Promise<SetCommunityTopicsOutcome> {
    return setCommunityTopics(ctx, input);
  }
}
