import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Products that were bought for somebody else. */
export class GiftTables1750000344000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SET LOCAL lock_timeout = '5s';
      INSERT INTO state_move (machine, from_state, to_state) VALUES
        ('gift', '', 'waiting'),
        ('gift', 'waiting', 'open'), ('gift', 'waiting', 'given-up'),
        ('gift', 'given-up', 'open'),
        ('gift', 'open', 'redeemed'), ('gift', 'open', 'returned'),
        ('gift', 'returned', 'open'),
        ('held-money', 'returned', 'held');

      CREATE TABLE gift (
        id uuid PRIMARY KEY,
        order_id uuid NOT NULL UNIQUE REFERENCES sales_order (id) DEFERRABLE INITIALLY DEFERRED,
        product_id uuid NOT NULL REFERENCES product (id),
        community_id uuid NOT NULL,
        giver_id uuid NOT NULL,
        giver_member_id uuid,
        recipient_id uuid,
        recipient_member_id uuid,
        status text NOT NULL,
        message text NOT NULL DEFAULT '' CHECK (char_length(message) <= 500),
        code_hash text UNIQUE,
        created_at timestamptz(3) NOT NULL,
        redeemed_at timestamptz(3),
        CONSTRAINT gift_redeemed CHECK ((redeemed_at IS NULL) = (status <> 'redeemed')),
        CONSTRAINT gift_recipient CHECK (status <> 'redeemed' OR recipient_id IS NOT NULL)
      );
      CREATE INDEX gift_of_giver ON gift (giver_id, id);
      CREATE INDEX gift_of_recipient ON gift (recipient_id, id) WHERE recipient_id IS NOT NULL;
      CREATE TRIGGER gift_moves BEFORE INSERT OR UPDATE OF status ON gift
        FOR EACH ROW EXECUTE FUNCTION refuse_illegal_move('gift');`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE gift;
      DELETE FROM state_move WHERE machine = 'gift' OR machine = 'held-money' AND from_state = 'returned';`);
  }
}
