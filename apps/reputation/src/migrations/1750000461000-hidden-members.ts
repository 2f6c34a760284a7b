import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who stays off the boards is few: boards of a window leave them out without a look at everybody's standing. */
export class HiddenMembers1750000461000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(
      'CREATE INDEX member_standing_hidden ON member_standing (community_id, member_id) WHERE is_hidden',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX member_standing_hidden');
  }
}
