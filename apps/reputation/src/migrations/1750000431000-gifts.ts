import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Gifts that members buy with points: stock can never be oversold, whatever the code does. */
export class Gifts1750000431000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE gift (
        id uuid PRIMARY KEY,
        community_id uuid NOT NULL,
        title text NOT NULL,
        description text NOT NULL,
        price int NOT NULL CHECK (price > 0),
        stock int NOT NULL CHECK (stock >= 0),
        per_member int CHECK (per_member > 0),
        needs_approval boolean NOT NULL,
        is_offered boolean NOT NULL DEFAULT true
      );
      CREATE INDEX gift_of_community ON gift (community_id, price, id);

      CREATE TABLE gift_redemption (
        id uuid PRIMARY KEY,
        community_id uuid NOT NULL,
        gift_id uuid NOT NULL REFERENCES gift,
        member_id uuid NOT NULL,
        price int NOT NULL CHECK (price >= 0),
        status text NOT NULL CHECK (status IN ('requested', 'approved', 'fulfilled', 'refused', 'cancelled')),
        version int NOT NULL DEFAULT 1,
        idempotency_key text,
        requested_at timestamptz NOT NULL,
        decided_by uuid,
        decided_at timestamptz,
        note text,
        UNIQUE (member_id, idempotency_key)
      );
      CREATE INDEX gift_redemption_of_member ON gift_redemption (member_id, id);
      CREATE INDEX gift_redemption_of_community ON gift_redemption (community_id, status, id);
      CREATE INDEX gift_redemption_of_gift ON gift_redemption (gift_id, member_id);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE gift_redemption, gift;');
  }
}
