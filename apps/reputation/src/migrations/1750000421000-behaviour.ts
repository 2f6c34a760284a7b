import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What members and visitors look at, as their clients tell it: the log by month, and what is counted from it. */
export class Behaviour1750000421000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE behaviour_subject, behaviour_member_day, behaviour_day, behaviour_viewer, behaviour_pending,
        behaviour_seen, behaviour_event;`);
  }
}

const tables = `
  -- A partition a month, made when the first event of the month comes: see activity/months.ts.
  CREATE TABLE behaviour_event (
    event_id uuid NOT NULL,
    community_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('view', 'read', 'share', 'click')),
    audience text NOT NULL CHECK (audience IN ('member', 'visitor', 'self', 'crawler')),
    viewer text NOT NULL,
    member_id uuid,
    subject_type text NOT NULL,
    subject_id text NOT NULL,
    duration_ms int NOT NULL,
    target text,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (event_id, occurred_at)
  ) PARTITION BY RANGE (occurred_at);
  CREATE INDEX behaviour_event_in_time ON behaviour_event (community_id, occurred_at);
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON behaviour_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
  REVOKE UPDATE, DELETE, TRUNCATE ON behaviour_event FROM PUBLIC;

  -- Which ids were told, for as long as an event may come late.
  CREATE TABLE behaviour_seen (event_id uuid PRIMARY KEY, received_on date NOT NULL);
  CREATE INDEX behaviour_seen_on ON behaviour_seen (received_on);

  CREATE TABLE behaviour_pending (
    community_id uuid NOT NULL,
    event_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    PRIMARY KEY (community_id, event_id)
  ) WITH (autovacuum_vacuum_scale_factor = 0.02);

  -- Who viewed what on which day: a view counts once.
  CREATE TABLE behaviour_viewer (
    community_id uuid NOT NULL,
    subject_id text NOT NULL,
    day date NOT NULL,
    viewer text NOT NULL,
    PRIMARY KEY (community_id, subject_id, day, viewer)
  );

  CREATE TABLE behaviour_subject (
    community_id uuid NOT NULL,
    subject_id text NOT NULL,
    subject_type text NOT NULL,
    views int NOT NULL,
    PRIMARY KEY (community_id, subject_id)
  ) WITH (fillfactor = 80);

  CREATE TABLE behaviour_day (
    community_id uuid NOT NULL,
    day date NOT NULL,
    views int NOT NULL,
    self_views int NOT NULL,
    crawler_views int NOT NULL,
    reads int NOT NULL,
    read_ms bigint NOT NULL,
    shares int NOT NULL,
    clicks int NOT NULL,
    PRIMARY KEY (community_id, day)
  ) WITH (fillfactor = 80);

  -- As bits: 1 viewed, 2 read, 4 shared, 8 clicked.
  CREATE TABLE behaviour_member_day (
    community_id uuid NOT NULL,
    day date NOT NULL,
    member_id uuid NOT NULL,
    did int NOT NULL,
    PRIMARY KEY (community_id, day, member_id)
  );
  CREATE INDEX behaviour_member_day_of_member ON behaviour_member_day (community_id, member_id, day);`;
