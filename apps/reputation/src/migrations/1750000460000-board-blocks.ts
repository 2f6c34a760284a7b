import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How many different totals there are in each block of 256: a dense rank is a sum over blocks and a count within
 * one, also where a million members have a million different totals. Kept by triggers on what is summed up,
 * whose rows are never deleted; writers of a community's totals already wait for each other.
 */
export class BoardBlocks1750000460000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(table);
    for (const event of events) await runner.query(trigger(event));
    await runner.query(onTruncate);
    await runner.query(`INSERT INTO board_block (community_id, block, totals, staff_only)
      SELECT community_id, total >> 8, count(*) FILTER (WHERE members > 0),
        count(*) FILTER (WHERE members = 0 AND staff > 0) FROM board_total GROUP BY 1, 2`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const event of events)
      await runner.query(`DROP FUNCTION count_blocks_on_${event.toLowerCase()} CASCADE`);
    await runner.query('DROP FUNCTION forget_blocks CASCADE');
    await runner.query('DROP TABLE board_block');
  }
}

/** `totals` are those that members have, `staff_only` those that only the staff has. */
const table = `
  CREATE TABLE board_block (
    community_id uuid NOT NULL,
    block int NOT NULL,
    totals int NOT NULL CHECK (totals >= 0),
    staff_only int NOT NULL CHECK (staff_only >= 0),
    PRIMARY KEY (community_id, block)
  ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);`;

const changes = {
  INSERT: { tables: 'NEW TABLE AS now', rows: 'SELECT *, 1 AS n FROM now' },
  UPDATE: {
    tables: 'OLD TABLE AS was NEW TABLE AS now',
    rows: 'SELECT *, 1 AS n FROM now UNION ALL SELECT *, -1 FROM was',
  },
} as const;

const events = ['INSERT', 'UPDATE'] as const;

const trigger = (event: keyof typeof changes): string => `
  CREATE FUNCTION count_blocks_on_${event.toLowerCase()}() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    MERGE INTO board_block AS known
    USING (
      SELECT community_id, total >> 8 AS block, coalesce(sum(n) FILTER (WHERE members > 0), 0) AS totals,
        coalesce(sum(n) FILTER (WHERE members = 0 AND staff > 0), 0) AS staff_only
      FROM (${changes[event].rows}) AS change
      GROUP BY 1, 2
      HAVING sum(n) FILTER (WHERE members > 0) <> 0 OR sum(n) FILTER (WHERE members = 0 AND staff > 0) <> 0
    ) AS change
    ON known.community_id = change.community_id AND known.block = change.block
    WHEN MATCHED THEN UPDATE SET totals = known.totals + change.totals, staff_only = known.staff_only + change.staff_only
    WHEN NOT MATCHED THEN INSERT VALUES (change.community_id, change.block, change.totals, change.staff_only);
    RETURN NULL;
  END $$;
  CREATE TRIGGER count_blocks_on_${event.toLowerCase()} AFTER ${event} ON board_total REFERENCING ${changes[event].tables}
    FOR EACH STATEMENT EXECUTE FUNCTION count_blocks_on_${event.toLowerCase()}();`;

const onTruncate = `
  CREATE FUNCTION forget_blocks() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    TRUNCATE board_block;
    RETURN NULL;
  END $$;
  CREATE TRIGGER forget_blocks AFTER TRUNCATE ON board_total FOR EACH STATEMENT EXECUTE FUNCTION forget_blocks();`;
