import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who was brought by whom, what they bought, and what of it counts. */
export class Referrals1750000451000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE referral (
        id uuid PRIMARY KEY,
        community_id uuid NOT NULL,
        inviter_id uuid NOT NULL,
        invitee_id uuid NOT NULL UNIQUE,
        joined_at timestamptz(3),
        activated_at timestamptz(3),
        state text NOT NULL DEFAULT 'joined'
          CHECK (state IN ('joined', 'activated', 'purchased', 'clawed-back', 'refused')),
        why text NOT NULL DEFAULT '',
        -- What was last said to count, and how often anything was said.
        activation_at timestamptz(3),
        activation_weight smallint NOT NULL DEFAULT 0,
        activation_version int NOT NULL DEFAULT 0,
        purchase_at timestamptz(3),
        purchase_weight smallint NOT NULL DEFAULT 0,
        purchase_version int NOT NULL DEFAULT 0
      );
      CREATE INDEX referral_of_inviter ON referral (inviter_id, id);
      CREATE INDEX referral_of_community ON referral (community_id, inviter_id);

      -- An order may be told of in pieces, and what went back of it before that it was paid.
      CREATE TABLE referred_order (
        id uuid PRIMARY KEY,
        invitee_id uuid,
        paid_at timestamptz(3),
        total_minor bigint NOT NULL DEFAULT 0,
        refunded_minor bigint NOT NULL DEFAULT 0,
        is_refused boolean NOT NULL DEFAULT false
      );
      CREATE INDEX referred_order_of_invitee ON referred_order (invitee_id);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE referred_order, referral;');
  }
}
