import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What reputation says that members may not do yet. */
export class WithheldPrivileges1750000240000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE withheld_privileges (
        member_id uuid PRIMARY KEY,
        names text[] NOT NULL,
        version int NOT NULL
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE withheld_privileges;');
  }
}
