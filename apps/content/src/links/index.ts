import { QuestionLinksResolver } from './link.resolver';

export const links = { resolvers: [QuestionLinksResolver] };
