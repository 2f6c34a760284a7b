import type { EntityManager } from 'typeorm';

/**
 * Runs a statement of ours and gives its rows. The statement is ours, so its author knows the shape of
 * the rows. (TypeORM answers an UPDATE or DELETE with a pair of rows and count.)
 */
export const query = async <Row>(
  db: EntityManager,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> => {
  const result: unknown = await db.query(sql, [...parameters]);
  const rows: unknown = isChange(result) ? result[0] : result;
  return rows as Row[];
};

const isChange = (result: unknown): result is [unknown[], number] =>
  Array.isArray(result) &&
  result.length === 2 &&
  Array.isArray(result[0]) &&
  typeof result[1] === 'number';
