import { isId, may, newId, type CommunityId } from '@lyceum/contracts';
import { badInput, forbidden, useCase } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { recordAudit } from '../audit/record-audit';
import { Community } from '../communities/community.entity';
import { CommunityNotFound } from '../communities/community.errors';
import { lockCommunity } from '../communities/community.queries';
import { ownRole } from '../memberships/member.queries';
import { parseTopicPath } from './topic.type';

@InputType({ description: 'All topics of a community; those left out no longer are.' })
export class SetCommunityTopicsInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => [String], { description: 'At most ten paths, as `music/guitar`.' })
  paths!: readonly string[];
}

export const SetCommunityTopicsResult = createUnionType({
  name: 'SetCommunityTopicsResult',
  types: () => [Community, CommunityNotFound] as const,
});
export type SetCommunityTopicsOutcome = Community | CommunityNotFound;

/** A topic is there as soon as a community is under it. */
export const setCommunityTopics = useCase(
  async (tx, input: SetCommunityTopicsInput): Promise<SetCommunityTopicsOutcome> => {
    const { communityId } = input;
    const community = isId(communityId) ? await lockCommunity(tx, communityId) : null;
    if (community === null) return new CommunityNotFound();
    if (!may(await ownRole(tx, communityId), 'community.update')) throw forbidden();
    if (input.paths.length > 10)
      throw badInput('"paths" may have 10 topics at most.', { field: 'paths' });
    const paths = [...new Set(input.paths.map((path) => parseTopicPath('paths', path)))].sort();

    await tx.db.query(
      `INSERT INTO topic (id, path) SELECT * FROM unnest($1::uuid[], $2::text[]) ON CONFLICT DO NOTHING`,
      [paths.map(() => newId<'Topic'>()), paths],
    );
    await tx.db.query(
      `DELETE FROM community_topic WHERE community_id = $1
         AND topic_id NOT IN (SELECT id FROM topic WHERE path = ANY($2))`,
      [communityId, paths],
    );
    await tx.db.query(
      `INSERT INTO community_topic (community_id, topic_id)
       SELECT $1, id FROM topic WHERE path = ANY($2) ON CONFLICT DO NOTHING`,
      [communityId, paths],
    );
    await recordAudit(tx, {
      action: 'community.topics-set',
      communityId,
      subject: { type: 'Community', id: communityId },
      details: { paths: paths.join(' ') },
    });
    return community;
  },
);
