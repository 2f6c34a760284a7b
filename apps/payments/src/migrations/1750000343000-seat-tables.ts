import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Packs of seats, and who sits on them. */
export class SeatTables1750000343000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      SET LOCAL lock_timeout = '5s';
      INSERT INTO state_move (machine, from_state, to_state) VALUES
        ('seat-pack', '', 'waiting'),
        ('seat-pack', 'waiting', 'active'), ('seat-pack', 'waiting', 'given-up'),
        ('seat-pack', 'given-up', 'active'),
        ('seat-pack', 'active', 'suspended'), ('seat-pack', 'active', 'ended'),
        ('seat-pack', 'suspended', 'active'), ('seat-pack', 'suspended', 'ended'),
        ('seat-pack', 'ended', 'active');

      CREATE TABLE seat_terms (
        product_id uuid PRIMARY KEY REFERENCES product (id),
        access_days int CHECK (access_days BETWEEN 1 AND 3660),
        least_seats int NOT NULL CHECK (least_seats BETWEEN 1 AND 1000)
      );

      CREATE TABLE seat_pack (
        id uuid PRIMARY KEY,
        order_id uuid NOT NULL UNIQUE REFERENCES sales_order (id) DEFERRABLE INITIALLY DEFERRED,
        product_id uuid NOT NULL REFERENCES product (id),
        community_id uuid NOT NULL,
        owner_id uuid NOT NULL,
        seats int NOT NULL CHECK (seats BETWEEN 1 AND 1000),
        access_days int,
        status text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        starts_at timestamptz(3),
        ends_at timestamptz(3)
      );
      CREATE INDEX seat_pack_of_owner ON seat_pack (owner_id, id);
      CREATE TRIGGER seat_pack_moves BEFORE INSERT OR UPDATE OF status ON seat_pack
        FOR EACH ROW EXECUTE FUNCTION refuse_illegal_move('seat-pack');

      CREATE TABLE seat (
        id uuid PRIMARY KEY,
        pack_id uuid NOT NULL REFERENCES seat_pack (id),
        number int NOT NULL,
        holder_id uuid,
        holder_member_id uuid,
        grant_id uuid UNIQUE,
        code_hash text UNIQUE,
        given_at timestamptz(3),
        UNIQUE (pack_id, number),
        CONSTRAINT seat_once UNIQUE (pack_id, holder_id),
        CONSTRAINT seat_grant CHECK ((holder_id IS NULL) = (grant_id IS NULL)),
        CONSTRAINT seat_code CHECK (holder_id IS NULL OR code_hash IS NULL)
      );
      CREATE INDEX seat_of_holder ON seat (holder_id) WHERE holder_id IS NOT NULL;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE seat, seat_pack, seat_terms;
      DELETE FROM state_move WHERE machine = 'seat-pack';`);
  }
}
