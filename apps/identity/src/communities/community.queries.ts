import type { CommunityId } from '@lyceum/contracts';
import type { Ctx, Tx } from '@lyceum/platform';
import assert from 'node:assert';
import type { EntityManager } from 'typeorm';
import type { Page } from '../pages';
import { Community } from './community.entity';
import { viewer, visible } from './visibility';

const columns = `c.id, c.slug, c.name, c.description, c.time_zone AS "timeZone", c.currency, c.locale, c.visibility,
  c.member_count AS "memberCount", c.created_at AS "createdAt",
  c.archived_at AS "archivedAt", c.archive_version AS "archiveVersion", c.settings_version AS "settingsVersion", c.trial_days AS "trialDays"`;

const select = async (
  db: EntityManager,
  rest: string,
  parameters: readonly unknown[],
): Promise<Community[]> => {
  const rows = await db.query<object[]>(`SELECT ${columns} FROM community AS c ${rest}`, [
    ...parameters,
  ]);
  return rows.map((row) => Object.assign(new Community(), row));
};

/** Those that the viewer can see. For loaders. */
export const communitiesById = async (
  ctx: Ctx,
  ids: readonly CommunityId[],
): Promise<ReadonlyMap<CommunityId, Community>> => {
  const found = await select(ctx.db, `WHERE ${visible('c')} AND c.id = ANY($3)`, [
    ...viewer(ctx),
    ids,
  ]);
  return new Map(found.map((community) => [community.id, community]));
};

export const communityBySlug = async (ctx: Ctx, slug: string): Promise<Community | null> => {
  const [found] = await select(ctx.db, `WHERE ${visible('c')} AND c.slug = $3`, [
    ...viewer(ctx),
    slug,
  ]);
  return found ?? null;
};

/** The largest first. */
export const communitiesPage = (
  ctx: Ctx,
  { page, search, topic }: { page: Page<number>; search: string | null; topic: string | null },
): Promise<Community[]> =>
  select(
    ctx.db,
    `WHERE ${visible('c')} AND c.archived_at IS NULL
       AND ($7::text IS NULL OR EXISTS (SELECT FROM community_topic AS ct JOIN topic AS t ON t.id = ct.topic_id
         WHERE ct.community_id = c.id AND (t.path = $7 OR starts_with(t.path, $7 || '/'))))
       AND ($3::text IS NULL OR c.name ILIKE $3 OR c.slug ILIKE $3 OR c.description ILIKE $3)
       AND ($4::int IS NULL OR (c.member_count, c.id) < ($4, $5::uuid))
     ORDER BY c.member_count DESC, c.id DESC LIMIT $6`,
    [
      ...viewer(ctx),
      search === null ? null : `%${search.replace(/[\\%_]/g, String.raw`\$&`)}%`,
      page.after?.[0] ?? null,
      page.after?.[1] ?? null,
      page.first + 1,
      topic,
    ],
  );

/**
 * The community, if the actor can see it, locked: who joins, leaves, or changes rank does so one after the
 * other, so that its owners cannot all leave at once.
 */
export const lockCommunity = async (tx: Tx, id: CommunityId): Promise<Community | null> => {
  const [found] = await select(
    tx.db,
    `WHERE ${visible('c')} AND c.id = $3 FOR NO KEY UPDATE OF c`,
    [...viewer(tx), id],
  );
  return found ?? null;
};

/** The same for somebody whom an invite shows a community that they could not see. It must be there. */
export const lockCommunityUnseen = async (tx: Tx, id: CommunityId): Promise<Community> => {
  const [found] = await select(tx.db, 'WHERE c.id = $1 FOR NO KEY UPDATE OF c', [id]);
  assert(found !== undefined, 'communities are never deleted');
  return found;
};

/** One that the transaction itself has just founded. */
export const foundedCommunity = async (db: EntityManager, id: CommunityId): Promise<Community> => {
  const [found] = await select(db, 'WHERE c.id = $1', [id]);
  assert(found !== undefined, 'the community was just written');
  return found;
};
