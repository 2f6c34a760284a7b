import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Privileged acts, append-only: by a trigger, which holds for superusers too, and by privileges, which hold where the
 * trigger is turned off. Without foreign keys, because what an entry speaks of can go before it. Free texts are kept
 * apart, with a digest in the chain: erasing one leaves the chain whole.
 */
export class AuditLog1750000120000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE audit_entry (
        chain uuid NOT NULL,
        position bigint NOT NULL CHECK (position > 0),
        id uuid NOT NULL,
        occurred_at timestamptz(3) NOT NULL,
        actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'service', 'anonymous')),
        actor_id uuid,
        action text NOT NULL,
        community_id uuid,
        subject_type text NOT NULL,
        subject_id text NOT NULL,
        details jsonb NOT NULL DEFAULT '{}',
        note_digest text,
        request_id text NOT NULL,
        previous_hash text NOT NULL,
        hash text NOT NULL,
        PRIMARY KEY (chain, position)
      );
      CREATE UNIQUE INDEX audit_entry_id ON audit_entry (id);
      CREATE INDEX audit_entry_actor ON audit_entry (actor_id) WHERE actor_id IS NOT NULL;
      CREATE INDEX audit_entry_subject ON audit_entry (subject_id);

      CREATE TABLE audit_note (
        entry_id uuid PRIMARY KEY,
        salt text NOT NULL,
        text text NOT NULL
      );

      CREATE TABLE audit_head (
        chain uuid PRIMARY KEY,
        position bigint NOT NULL,
        hash text NOT NULL
      );

      CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
      END $$;
      CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
      REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM PUBLIC, CURRENT_USER;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE audit_head, audit_note, audit_entry;
      DROP FUNCTION refuse_audit_change();`);
  }
}
