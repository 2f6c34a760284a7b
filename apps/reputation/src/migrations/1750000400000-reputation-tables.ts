import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The activity log and what is computed from it: points, totals by day, standings, metrics by day. */
export class ReputationTables1750000400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(communities);
    await runner.query(activityLog);
    await runner.query(points);
    await runner.query(engagement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE engagement_pending, engagement_active, engagement_day, member_standing, member_day, point_entry, activity_log, rule_set, community;
      DROP FUNCTION refuse_change();`);
  }
}

const communities = `
  CREATE TABLE community (
    id uuid PRIMARY KEY,
    time_zone text NOT NULL,
    is_staff_ranked boolean NOT NULL DEFAULT true
  );

  CREATE TABLE rule_set (
    community_id uuid NOT NULL REFERENCES community,
    version int NOT NULL CHECK (version > 0),
    active_from date,
    definition jsonb NOT NULL,
    parameters jsonb NOT NULL,
    PRIMARY KEY (community_id, version)
  );`;

const activityLog = `
  CREATE TABLE activity_log (
    event_id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    kind text NOT NULL,
    key text NOT NULL,
    version int NOT NULL CHECK (version > 0),
    actor_id uuid,
    subject_type text,
    subject_id text,
    subject_author_id uuid,
    value int NOT NULL,
    earns_points boolean NOT NULL,
    occurred_at timestamptz NOT NULL,
    request_id text NOT NULL
  );
  -- A version of a thing is told once, whatever the id of the event that tells it.
  CREATE UNIQUE INDEX activity_of_thing ON activity_log (community_id, key, version);
  CREATE INDEX activity_in_time ON activity_log (community_id, occurred_at, event_id);
  -- Small: asks "was this replaced?" without reading the log.
  CREATE INDEX activity_replacing ON activity_log (community_id, key, version) WHERE version > 1;

  CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END $$;
  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON activity_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER never_empty BEFORE TRUNCATE ON activity_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  REVOKE UPDATE, DELETE, TRUNCATE ON activity_log FROM PUBLIC;`;

const points = `
  CREATE TABLE point_entry (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    member_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('award', 'reversal', 'start', 'floor')),
    rule text NOT NULL,
    rule_set_version int NOT NULL,
    activity_id uuid,
    subject_type text,
    subject_id text,
    occurred_at timestamptz NOT NULL,
    reversed_at timestamptz,
    nominal int NOT NULL,
    allowed int NOT NULL,
    points int NOT NULL
  ) WITH (fillfactor = 90);
  CREATE INDEX point_entry_of_member ON point_entry (member_id, occurred_at, id);
  CREATE INDEX point_entry_floor ON point_entry (member_id) WHERE kind = 'floor';

  CREATE TABLE member_day (
    member_id uuid NOT NULL,
    day date NOT NULL,
    community_id uuid NOT NULL,
    earned int NOT NULL,
    lowest int NOT NULL CHECK (lowest <= 0),
    gained jsonb NOT NULL,
    started int NOT NULL,
    floored int NOT NULL DEFAULT 0,
    points int NOT NULL GENERATED ALWAYS AS (earned + started + floored) STORED,
    last_at timestamptz NOT NULL,
    last_activity_id uuid NOT NULL,
    PRIMARY KEY (member_id, day)
  ) WITH (fillfactor = 80);
  CREATE INDEX member_day_of_community ON member_day (community_id, day) INCLUDE (member_id, points);
  CREATE INDEX member_day_low ON member_day (member_id) WHERE lowest < 0 OR floored <> 0;

  CREATE TABLE member_standing (
    member_id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    role text NOT NULL DEFAULT 'member',
    status text NOT NULL DEFAULT 'active',
    membership_version int NOT NULL DEFAULT 0,
    total int NOT NULL DEFAULT 0
  ) WITH (fillfactor = 80);
  CREATE INDEX member_standing_board ON member_standing (community_id, total DESC, member_id)
    INCLUDE (role) WHERE status = 'active';
  CREATE INDEX member_standing_aside ON member_standing (community_id, member_id)
    WHERE status <> 'active' OR role <> 'member';`;

const engagement = `
  CREATE TABLE engagement_day (
    community_id uuid NOT NULL,
    day date NOT NULL,
    active_members int NOT NULL,
    new_members int NOT NULL,
    questions int NOT NULL,
    answers int NOT NULL,
    comments int NOT NULL,
    votes int NOT NULL,
    PRIMARY KEY (community_id, day)
  ) WITH (fillfactor = 80);

  -- Activity that no day counts yet; written with the activity, taken by the next roll-up.
  CREATE TABLE engagement_pending (
    community_id uuid NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (community_id, event_id)
  ) WITH (autovacuum_vacuum_scale_factor = 0.02);

  CREATE TABLE engagement_active (
    community_id uuid NOT NULL,
    day date NOT NULL,
    member_id uuid NOT NULL,
    PRIMARY KEY (community_id, day, member_id)
  );`;
