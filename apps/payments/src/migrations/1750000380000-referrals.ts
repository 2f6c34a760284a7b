import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who was brought to a community by whom: the referrer's share of what they buy there goes by it. */
export class Referrals1750000380000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE referral (
        buyer_member_id uuid PRIMARY KEY,
        buyer_id uuid NOT NULL,
        community_id uuid NOT NULL,
        referrer_id uuid NOT NULL,
        referrer_account_id uuid NOT NULL,
        referred_at timestamptz(3) NOT NULL
      );
      CREATE INDEX referral_of_buyer ON referral (buyer_id, community_id);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE referral;');
  }
}
