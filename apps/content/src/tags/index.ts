import { TagResolver, CommunityTagsResolver, QuestionTagsResolver } from './tag.resolver';

export const tags = { resolvers: [TagResolver, CommunityTagsResolver, QuestionTagsResolver] };
