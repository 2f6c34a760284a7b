import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How many members have each total. A dense rank is then the number of distinct totals above, whatever
 * the number of members; kept by triggers, so that no way of writing a standing can forget it.
 */
export class BoardTotals1750000405000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(table);
    for (const event of events) await runner.query(trigger(event));
    await runner.query(onTruncate);
    await runner.query(`INSERT INTO board_total (community_id, total, members, staff)
      SELECT community_id, total, count(*) FILTER (WHERE role = 'member'), count(*) FILTER (WHERE role <> 'member')
      FROM member_standing WHERE status = 'active' GROUP BY community_id, total`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const event of events)
      await runner.query(`DROP FUNCTION count_totals_on_${event.toLowerCase()} CASCADE`);
    await runner.query('DROP FUNCTION forget_totals CASCADE');
    await runner.query('DROP TABLE board_total');
  }
}

/** Rows of totals that nobody has any more stay: changing a row in place leaves no dead index entries behind. */
const table = `
  CREATE TABLE board_total (
    community_id uuid NOT NULL,
    total int NOT NULL,
    members int NOT NULL CHECK (members >= 0),
    staff int NOT NULL CHECK (staff >= 0),
    PRIMARY KEY (community_id, total)
  ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);`;

const changes = {
  INSERT: { tables: 'NEW TABLE AS now', rows: 'SELECT *, 1 AS n FROM now' },
  UPDATE: {
    tables: 'OLD TABLE AS was NEW TABLE AS now',
    rows: 'SELECT *, 1 AS n FROM now UNION ALL SELECT *, -1 FROM was',
  },
  DELETE: { tables: 'OLD TABLE AS was', rows: 'SELECT *, -1 AS n FROM was' },
} as const;

/**
 * Each community is locked, in sorted order, before its totals are: a transaction changes standings in several
 * statements, and two of them would otherwise wait for each other. In a statement of its own, so that
 * the next one sees what the last holder of the lock has done.
 */
const trigger = (event: keyof typeof changes): string => `
  CREATE FUNCTION count_totals_on_${event.toLowerCase()}() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('board ' || community_id, 0))
      FROM (SELECT DISTINCT community_id FROM (${changes[event].rows}) AS change ORDER BY community_id) AS community;
    MERGE INTO board_total AS known
    USING (
      SELECT community_id, total,
        coalesce(sum(n) FILTER (WHERE role = 'member'), 0) AS members, coalesce(sum(n) FILTER (WHERE role <> 'member'), 0) AS staff
      FROM (${changes[event].rows}) AS change
      WHERE status = 'active'
      GROUP BY community_id, total
      HAVING sum(n) FILTER (WHERE role = 'member') <> 0 OR sum(n) FILTER (WHERE role <> 'member') <> 0
    ) AS change
    ON known.community_id = change.community_id AND known.total = change.total
    WHEN MATCHED THEN UPDATE SET members = known.members + change.members, staff = known.staff + change.staff
    WHEN NOT MATCHED THEN INSERT VALUES (change.community_id, change.total, change.members, change.staff);
    RETURN NULL;
  END $$;
  CREATE TRIGGER count_totals_on_${event.toLowerCase()} AFTER ${event} ON member_standing REFERENCING ${changes[event].tables}
    FOR EACH STATEMENT EXECUTE FUNCTION count_totals_on_${event.toLowerCase()}();`;

const events = ['INSERT', 'UPDATE', 'DELETE'] as const;

const onTruncate = `
  CREATE FUNCTION forget_totals() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    TRUNCATE board_total;
    RETURN NULL;
  END $$;
  CREATE TRIGGER forget_totals AFTER TRUNCATE ON member_standing FOR EACH STATEMENT EXECUTE FUNCTION forget_totals();`;
