import { AuthorsResolver } from './authors.resolver';
import { personalData } from './personal-data';

export const privacy = {
  resolvers: [AuthorsResolver, ...personalData.resolvers],
  consumers: personalData.consumers,
};
