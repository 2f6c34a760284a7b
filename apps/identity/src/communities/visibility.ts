import type { AccountId } from '@lyceum/contracts';
import type { Actor } from '@lyceum/platform';

/**
 * A private community, with all that is in it, is there for its active members only, however it is asked
 * for. Queries take `viewer(ctx)` as their first two parameters and say `visible('c')` of the community.
 */
export const viewer = ({
  actor,
}: {
  readonly actor: Actor;
}): readonly [AccountId | null, boolean] => [
  actor.kind === 'user' ? actor.accountId : null,
  actor.kind === 'service', // our own jobs and commands; requests from other services come as nobody
];

export const visible = (community: string): string =>
  `(${community}.visibility = 'public' OR $2::boolean OR EXISTS (
     SELECT FROM member AS own WHERE own.community_id = ${community}.id
       AND own.account_id = $1::uuid AND own.status = 'active'))`;
