import { endBans } from './end-bans.job';

export const memberships = { jobs: [endBans] };
