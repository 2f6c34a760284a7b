import { AuthorsResolver } from './authors.resolver';
import { ParticipationResolver } from './participation.resolver';
import { personalData } from './personal-data';

export const privacy = {
  resolvers: [AuthorsResolver, ParticipationResolver, ...personalData.resolvers],
  consumers: personalData.consumers,
};
