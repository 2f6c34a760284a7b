import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { Charter } from './charter.type';

const columns = `c.community_id AS "communityId", c.version, c.positioning, c.goals, c.rules,
  c.code_of_conduct AS "codeOfConduct", c.published_at AS "publishedAt", c.in_force_from AS "inForceFrom"`;

const asCharter = (row: object): Charter => Object.assign(new Charter(), row);

/** The newest version whose time has come, by community. For loaders. */
export const chartersInForce = async (
  ctx: Ctx,
  communityIds: readonly CommunityId[],
): Promise<ReadonlyMap<CommunityId, Charter>> => {
  const rows = await ctx.db.query<object[]>(
    `SELECT DISTINCT ON (c.community_id) ${columns} FROM charter AS c
     WHERE c.community_id = ANY($1) AND c.in_force_from <= $2 ORDER BY c.community_id, c.version DESC`,
    [communityIds, ctx.deps.now()],
  );
  return new Map(rows.map(asCharter).map((charter) => [charter.communityId, charter]));
};

const shownVersions = 50;

/** The newest versions of each community, those to come included. For loaders. */
export const chartersOfCommunities = async (
  ctx: Ctx,
  communityIds: readonly CommunityId[],
): Promise<ReadonlyMap<CommunityId, readonly Charter[]>> => {
  const rows = await ctx.db.query<object[]>(
    `SELECT ${columns} FROM unnest($1::uuid[]) AS of (id) CROSS JOIN LATERAL (
       SELECT * FROM charter WHERE community_id = of.id ORDER BY version DESC LIMIT ${String(shownVersions)}) AS c`,
    [communityIds],
  );
  const found = new Map<CommunityId, Charter[]>();
  for (const charter of rows.map(asCharter))
    found.set(charter.communityId, [...(found.get(charter.communityId) ?? []), charter]);
  return found;
};

/** The newest version that each member has accepted. For loaders. */
export const acceptedVersions = async (
  ctx: Ctx,
  memberIds: readonly MemberId[],
): Promise<ReadonlyMap<MemberId, number>> => {
  const rows = await ctx.db.query<{ memberId: MemberId; version: number }[]>(
    `SELECT member_id AS "memberId", max(version) AS version FROM charter_acceptance
     WHERE member_id = ANY($1) GROUP BY member_id`,
    [memberIds],
  );
  return new Map(rows.map(({ memberId, version }) => [memberId, version]));
};

export const charterVersion = async (
  db: EntityManager,
  { communityId, version }: { communityId: CommunityId; version: number },
): Promise<Charter | null> => {
  const [row] = await db.query<object[]>(
    `SELECT ${columns} FROM charter AS c WHERE c.community_id = $1 AND c.version = $2`,
    [communityId, version],
  );
  return row === undefined ? null : asCharter(row);
};
