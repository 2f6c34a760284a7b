import { isId, type CommunityId } from '@lyceum/contracts';
import type { BatchQuery } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { isVisible } from '../communities/standing';
import { columnsOf, toEntities } from '../lists/columns';

type Class<T> = new () => T;

interface InCommunity {
  readonly id: string;
  readonly communityId: CommunityId;
}

/** Rows of an entity by id, whoever asks. */
export const rowsById = async <Row extends object>(
  db: EntityManager,
  entity: Class<Row>,
  ids: readonly string[],
): Promise<Row[]> => {
  const { tableName } = db.dataSource.getMetadata(entity);
  const rows = await db.query<object[]>(
    `SELECT ${columnsOf(db, entity, 't')} FROM ${tableName} AS t WHERE t.id = ANY($1::uuid[])`,
    [ids.filter(isId)],
  );
  return toEntities(entity, rows);
};

/** For loaders and references: those that the viewer can see. */
export const visibleById =
  <Row extends InCommunity>(entity: Class<Row>): BatchQuery<string, Row> =>
  async (ctx, ids) => {
    const rows = await rowsById(ctx.db, entity, ids);
    const visible = await Promise.all(rows.map((row) => isVisible(ctx, row.communityId)));
    return new Map(rows.filter((_, index) => visible[index]).map((row) => [row.id, row]));
  };

/** One that the transaction has just written, or found. */
export const writtenRow = async <Row extends object>(
  db: EntityManager,
  entity: Class<Row>,
  id: string,
): Promise<Row> => {
  const [row] = await rowsById(db, entity, [id]);
  if (row === undefined) throw new Error(`no ${entity.name} ${id}, which was there a moment ago`);
  return row;
};
