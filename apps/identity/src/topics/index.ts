import { CommunityTopicResolver, TopicResolver } from './topic.resolver';

export const topics = { resolvers: [TopicResolver, CommunityTopicResolver] };
