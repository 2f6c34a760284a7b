import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Codes that let people in, who came by them, and free trials. */
export class InvitesAndTrials1750000122000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE invite (
        id uuid PRIMARY KEY,
        community_id uuid NOT NULL REFERENCES community (id),
        inviter_id uuid NOT NULL REFERENCES account (id),
        code text NOT NULL,
        max_uses int NOT NULL CHECK (max_uses > 0),
        uses int NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND max_uses),
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3) NOT NULL,
        revoked_at timestamptz(3)
      );
      CREATE UNIQUE INDEX invite_code ON invite (code);
      CREATE INDEX invite_community ON invite (community_id, created_at, id);
      CREATE INDEX invite_inviter ON invite (inviter_id);

      CREATE TABLE invite_use (
        id uuid PRIMARY KEY,
        invite_id uuid NOT NULL REFERENCES invite (id),
        community_id uuid NOT NULL,
        inviter_id uuid NOT NULL REFERENCES account (id),
        member_id uuid NOT NULL REFERENCES member (id),
        used_at timestamptz(3) NOT NULL,
        activated_at timestamptz(3)
      );
      CREATE UNIQUE INDEX invite_use_member ON invite_use (member_id);
      CREATE INDEX invite_use_invite ON invite_use (invite_id);
      CREATE INDEX invite_use_inviter ON invite_use (inviter_id);
      CREATE INDEX invite_use_waiting ON invite_use (used_at, id) WHERE activated_at IS NULL;

      ALTER TABLE community ADD trial_days int CHECK (trial_days BETWEEN 1 AND 90);
      CREATE TABLE trial (
        id uuid PRIMARY KEY,
        community_id uuid NOT NULL REFERENCES community (id),
        account_id uuid NOT NULL,
        email_digest text NOT NULL,
        started_at timestamptz(3) NOT NULL,
        ends_at timestamptz(3) NOT NULL,
        ended_at timestamptz(3)
      );
      CREATE UNIQUE INDEX trial_email ON trial (community_id, email_digest);
      CREATE UNIQUE INDEX trial_account ON trial (community_id, account_id);
      CREATE INDEX trial_ends ON trial (ends_at) WHERE ended_at IS NULL;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE trial, invite_use, invite;
      ALTER TABLE community DROP COLUMN trial_days;`);
  }
}
