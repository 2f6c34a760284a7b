import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notes of thanks, titles, and who was featured in which week. */
export class ThanksAndTitles1750000441000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE featured_member, title_grant, title, thanks_report, thanks;');
  }
}

const tables = `
  CREATE TABLE thanks (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    giver_id uuid NOT NULL,
    receiver_id uuid NOT NULL CHECK (receiver_id <> giver_id),
    subject_type text NOT NULL,
    subject_id text NOT NULL,
    text text NOT NULL,
    given_at timestamptz NOT NULL,
    removed_at timestamptz,
    removed_by uuid,
    removed_because text,
    UNIQUE (giver_id, receiver_id, subject_id)
  );
  CREATE INDEX thanks_to_member ON thanks (receiver_id, id) WHERE removed_at IS NULL;
  CREATE INDEX thanks_by_member ON thanks (giver_id, given_at);

  CREATE TABLE thanks_report (
    thanks_id uuid NOT NULL REFERENCES thanks,
    reporter_id uuid NOT NULL,
    community_id uuid NOT NULL,
    reason text NOT NULL,
    reported_at timestamptz NOT NULL,
    PRIMARY KEY (thanks_id, reporter_id)
  );
  CREATE INDEX thanks_report_of_community ON thanks_report (community_id, thanks_id);
  CREATE INDEX thanks_report_by_member ON thanks_report (reporter_id);

  CREATE TABLE title (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    level int CHECK (level > 0),
    badge text,
    contest_place int CHECK (contest_place > 0),
    created_by uuid NOT NULL,
    retired_at timestamptz,
    -- By one rule, or by hand.
    CONSTRAINT title_by_one_rule CHECK (num_nonnulls(level, badge, contest_place) <= 1)
  );
  CREATE UNIQUE INDEX title_named ON title (community_id, lower(name)) WHERE retired_at IS NULL;

  CREATE TABLE title_grant (
    id uuid PRIMARY KEY,
    title_id uuid NOT NULL REFERENCES title,
    member_id uuid NOT NULL,
    reason text NOT NULL,
    granted_by uuid NOT NULL,
    granted_at timestamptz NOT NULL,
    ends_at timestamptz CHECK (ends_at > granted_at),
    revoked_at timestamptz,
    revoked_by uuid,
    revoked_because text
  );
  CREATE INDEX title_grant_of_member ON title_grant (member_id);
  CREATE INDEX title_grant_of_title ON title_grant (title_id, member_id);

  CREATE TABLE featured_member (
    community_id uuid NOT NULL,
    week date NOT NULL,
    member_id uuid NOT NULL,
    reason text NOT NULL,
    is_newcomer boolean NOT NULL,
    PRIMARY KEY (community_id, week)
  );
  CREATE INDEX featured_member_by_member ON featured_member (member_id);`;
