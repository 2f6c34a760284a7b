import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Money that is held until what it was paid for is delivered, and how it was divided then. */
export class HeldMoney1750000341000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SET LOCAL lock_timeout = '5s';
      INSERT INTO state_move (machine, from_state, to_state) VALUES
        ('held-money', '', 'held'), ('held-money', 'held', 'released'), ('held-money', 'held', 'returned');

      CREATE TABLE held_money (
        id uuid PRIMARY KEY,
        code text NOT NULL CHECK (code IN ('escrow', 'gifts')),
        order_id uuid NOT NULL UNIQUE REFERENCES sales_order (id),
        currency text NOT NULL,
        status text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        ended_at timestamptz(3),
        CONSTRAINT held_money_ended_at CHECK ((ended_at IS NULL) = (status = 'held'))
      );
      CREATE TRIGGER held_money_moves BEFORE INSERT OR UPDATE OF status ON held_money
        FOR EACH ROW EXECUTE FUNCTION refuse_illegal_move('held-money');

      CREATE TABLE held_release (
        held_id uuid PRIMARY KEY REFERENCES held_money (id),
        order_id uuid NOT NULL UNIQUE REFERENCES sales_order (id),
        moves jsonb NOT NULL,
        created_at timestamptz(3) NOT NULL
      );
      CREATE TRIGGER held_release_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON held_release
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE held_release, held_money;
      DELETE FROM state_move WHERE machine = 'held-money';`);
  }
}
