import type { AnyJob, Consumer } from '@lyceum/platform';
import type { ClassType } from 'type-graphql';
import { audit } from './audit';
import { charters } from './charters';
import { governance } from './governance';
import { invites } from './invites';
import { joinRequests } from './join-requests';
import { memberships } from './memberships';
import { notices } from './notices';
import { ownership } from './ownership';
import { privacy } from './privacy';
import { profiles } from './profiles';
import { tiers } from './tiers';
import { topics } from './topics';
import { trials } from './trials';

interface Slice {
  readonly resolvers?: readonly ClassType[];
  readonly consumers?: readonly Consumer[];
  readonly jobs?: readonly AnyJob[];
}

const slices: readonly Slice[] = [
  audit,
  charters,
  joinRequests,
  memberships,
  notices,
  ownership,
  topics,
  invites,
  trials,
  privacy,
  profiles,
  governance,
  tiers,
];

/** What communities, rights and privacy add to identity's app. */
export const communitySlices = {
  resolvers: slices.flatMap(({ resolvers = [] }) => resolvers),
  consumers: slices.flatMap(({ consumers = [] }) => consumers),
  jobs: slices.flatMap(({ jobs = [] }) => jobs),
};
