import type { MigrationInterface, QueryRunner } from 'typeorm';

/** More roles, listed and archived communities, their charters and topics, bans with an end, requests, offers. */
export class CommunitiesAndRoles1750000121000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      ALTER TABLE member DROP CONSTRAINT member_role_check;
      ALTER TABLE member ADD CONSTRAINT member_role_check CHECK (role IN
        ('owner', 'admin', 'moderator', 'expert', 'lecturer', 'contributor', 'analyst', 'member')) NOT VALID;
      ALTER TABLE member VALIDATE CONSTRAINT member_role_check;

      ALTER TABLE community DROP CONSTRAINT community_visibility_check;
      ALTER TABLE community ADD CONSTRAINT community_visibility_check
        CHECK (visibility IN ('public', 'listed', 'private')) NOT VALID;
      ALTER TABLE community VALIDATE CONSTRAINT community_visibility_check;
      ALTER TABLE community
        ADD archived_at timestamptz(3),
        ADD archive_version int NOT NULL DEFAULT 0;`);
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE ownership_offer, join_request, ban, community_topic, topic, charter_acceptance, charter;
      ALTER TABLE community DROP COLUMN archived_at, DROP COLUMN archive_version;`);
  }
}

const tables = `
  CREATE TABLE charter (
    community_id uuid NOT NULL REFERENCES community (id),
    version int NOT NULL CHECK (version > 0),
    positioning text NOT NULL,
    goals text NOT NULL,
    rules text NOT NULL,
    code_of_conduct text NOT NULL,
    published_by uuid,
    published_at timestamptz(3) NOT NULL,
    in_force_from timestamptz(3) NOT NULL,
    PRIMARY KEY (community_id, version)
  );
  CREATE TABLE charter_acceptance (
    member_id uuid NOT NULL REFERENCES member (id),
    version int NOT NULL,
    accepted_at timestamptz(3) NOT NULL,
    PRIMARY KEY (member_id, version)
  );

  CREATE TABLE topic (
    id uuid PRIMARY KEY,
    path text NOT NULL CHECK (path ~ '^[a-z0-9-]{2,40}(/[a-z0-9-]{2,40}){0,2}$')
  );
  CREATE UNIQUE INDEX topic_path ON topic (path text_pattern_ops);
  CREATE TABLE community_topic (
    community_id uuid NOT NULL REFERENCES community (id),
    topic_id uuid NOT NULL REFERENCES topic (id),
    PRIMARY KEY (community_id, topic_id)
  );
  CREATE INDEX community_topic_topic ON community_topic (topic_id);

  CREATE TABLE ban (
    id uuid PRIMARY KEY,
    member_id uuid NOT NULL REFERENCES member (id),
    reason text NOT NULL DEFAULT '',
    banned_by uuid,
    banned_at timestamptz(3) NOT NULL,
    ends_at timestamptz(3),
    ended_at timestamptz(3)
  );
  CREATE UNIQUE INDEX ban_in_force ON ban (member_id) WHERE ended_at IS NULL;
  CREATE INDEX ban_ends ON ban (ends_at) WHERE ended_at IS NULL AND ends_at IS NOT NULL;

  CREATE TABLE join_request (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL REFERENCES community (id),
    account_id uuid NOT NULL REFERENCES account (id),
    message text NOT NULL DEFAULT '',
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'approved', 'declined', 'withdrawn')),
    requested_at timestamptz(3) NOT NULL,
    decided_by uuid,
    decided_at timestamptz(3)
  );
  CREATE UNIQUE INDEX join_request_pending ON join_request (community_id, account_id) WHERE state = 'pending';
  CREATE INDEX join_request_community ON join_request (community_id, requested_at, id);
  CREATE INDEX join_request_account ON join_request (account_id, requested_at, id);

  CREATE TABLE ownership_offer (
    community_id uuid PRIMARY KEY REFERENCES community (id),
    from_member_id uuid NOT NULL REFERENCES member (id),
    to_member_id uuid NOT NULL REFERENCES member (id),
    keeps_own boolean NOT NULL,
    offered_at timestamptz(3) NOT NULL,
    expires_at timestamptz(3) NOT NULL
  );
  CREATE INDEX ownership_offer_to ON ownership_offer (to_member_id);`;
