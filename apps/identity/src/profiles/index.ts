import { ProfileResolver } from './profile.resolver';

export const profiles = { resolvers: [ProfileResolver] };
