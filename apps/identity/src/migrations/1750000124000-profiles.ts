import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Handles that cannot be mistaken for one another, the names that accounts had before, and avatars. */
export class Profiles1750000124000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE FUNCTION handle_skeleton(handle text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
        replace(replace(translate(lower(handle), '01i_', 'oll-'), 'rn', 'm'), 'vv', 'w');
      -- Imported people come with the names they have; who registers must not look like anybody.
      CREATE INDEX account_handle_skeleton ON account (handle_skeleton(handle));
      CREATE UNIQUE INDEX account_handle_look ON account (handle_skeleton(handle)) WHERE imported_from IS NULL;

      CREATE TABLE former_handle (
        account_id uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
        handle text NOT NULL,
        left_at timestamptz(3) NOT NULL
      );
      CREATE UNIQUE INDEX former_handle_look ON former_handle (handle_skeleton(handle));
      CREATE INDEX former_handle_account ON former_handle (account_id, left_at);

      CREATE TABLE avatar (
        account_id uuid PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
        name text NOT NULL,
        image bytea NOT NULL
      );
      CREATE UNIQUE INDEX avatar_name ON avatar (name);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE avatar, former_handle;
      DROP INDEX account_handle_look, account_handle_skeleton;
      DROP FUNCTION handle_skeleton(text);`);
  }
}
