import type { CommunityId, EventId, MemberId } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { isCounted } from '../engagement/count';
import { query } from '../sql';
import { behaviours, type BehaviourRow } from './interest';

const told = ['view', 'read', 'share', 'click'];
const logged = behaviours.filter((behaviour) => !told.includes(behaviour));

const add = `INSERT INTO member_behaviour AS known (community_id, member_id, behaviour, times)
  SELECT community_id, member_id, behaviour, count(*) FROM did WHERE member_id IS NOT NULL AND behaviour = ANY($1)
  GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (community_id, member_id, behaviour) DO UPDATE SET times = known.times + excluded.times`;

/** A changed vote is not another vote: the first version of a thing counts, on whatever day it comes. */
const ofLog = `did AS (
  SELECT community_id, actor_id AS member_id, kind AS behaviour FROM activity_log WHERE version = 1 AND `;

/** Adds activity that is counted now for the first time to the behaviour matrix. */
export const addLogged = async (db: EntityManager, eventIds: readonly EventId[]): Promise<void> => {
  await db.query(`WITH ${ofLog} event_id = ANY($2::uuid[])) ${add}`, [logged, eventIds]);
};

/** The matrix again, from all of the log that is counted. */
export const rebuildLogged = async (db: EntityManager, communityId: CommunityId): Promise<void> => {
  await forget(db, communityId, logged);
  await db.query(`WITH ${ofLog} community_id = $2 AND ${isCounted('activity_log')}) ${add}`, [
    logged,
    communityId,
  ]);
};

/** The same for what clients tell; `events` is a query of behaviour events with parameters from $1 on. */
export const addTold = async (
  db: EntityManager,
  events: { readonly sql: string; readonly parameters: readonly unknown[] },
): Promise<void> => {
  const list = `$${String(events.parameters.length + 1)}`;
  await db.query(
    `WITH event AS (${events.sql}), did AS (
       SELECT community_id, member_id, kind AS behaviour FROM event WHERE audience <> 'crawler'
     ) ${add.replace('$1', `${list}::text[]`)}`,
    [...events.parameters, told],
  );
};

export const forgetTold = (db: EntityManager, communityId: CommunityId): Promise<void> =>
  forget(db, communityId, told);

const forget = async (
  db: EntityManager,
  communityId: CommunityId,
  kinds: readonly string[],
): Promise<void> => {
  await db.query('DELETE FROM member_behaviour WHERE community_id = $1 AND behaviour = ANY($2)', [
    communityId,
    kinds,
  ]);
};

export interface MemberInterest {
  readonly memberId: MemberId;
  readonly row: BehaviourRow;
  readonly interest: number;
}

/** The members with the highest interest, Σ_j w_j · a_ij. */
export const interestedMembers = (
  db: EntityManager,
  communityId: CommunityId,
  {
    weights,
    first,
  }: { readonly weights: Readonly<Record<string, number>>; readonly first: number },
): Promise<MemberInterest[]> =>
  query(
    db,
    `SELECT member_id AS "memberId", json_object_agg(behaviour, times) AS row,
       sum(times * coalesce(($2::jsonb ->> behaviour)::float8, 0)) AS interest
     FROM member_behaviour WHERE community_id = $1 GROUP BY member_id
     ORDER BY interest DESC, member_id LIMIT $3`,
    [communityId, JSON.stringify(weights), first],
  );
