import type { EntityManager } from 'typeorm';

type Class<T> = new () => T;

/** The columns of an entity under the names of its properties, for statements that need more than TypeORM says. */
export const columnsOf = (db: EntityManager, entity: Class<object>, alias: string): string =>
  db.dataSource
    .getMetadata(entity)
    .columns.map(
      ({ databaseName, propertyName }) => `${alias}.${databaseName} AS "${propertyName}"`,
    )
    .join(', ');

/** Rows read under those names, as instances: unions of the graph tell types by class. */
export const toEntities = <T extends object>(entity: Class<T>, rows: readonly object[]): T[] =>
  rows.map((row) => Object.assign(new entity(), row));
