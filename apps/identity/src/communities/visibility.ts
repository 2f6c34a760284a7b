import type { AccountId } from '@lyceum/contracts';
import type { Actor } from '@lyceum/platform';

/**
 * A private community, with all that is in it, is there for its active members only, however it is asked
 * for; a listed one shows its name to all, and what is in it to its members. Queries take `viewer(ctx)` as their
 * first two parameters and say `visible('c')` or `inside('c')` of the community.
 */
export const viewer = ({
  actor,
}: {
  readonly actor: Actor;
}): readonly [AccountId | null, boolean] => [
  actor.kind === 'user' ? actor.accountId : null,
  actor.kind === 'service', // our own jobs and commands; requests from other services come as nobody
];

/** Whether the viewer may know of it: what is listed has a name and a description for everyone. */
export const visible = (community: string): string =>
  `(${community}.visibility IN ('public', 'listed') OR ${insideByRight(community)})`;

/** Whether the viewer may know who and what is in it. */
export const inside = (community: string): string =>
  `(${community}.visibility = 'public' OR ${insideByRight(community)})`;

const insideByRight = (community: string): string => `($2::boolean OR EXISTS (
  SELECT FROM member AS own WHERE own.community_id = ${community}.id
    AND own.account_id = $1::uuid AND own.status = 'active'))`;
