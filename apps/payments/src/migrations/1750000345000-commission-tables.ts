import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Work that members ask of each other, for money that is held until it is accepted. */
export class CommissionTables1750000345000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(moves);
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE commission;
      DELETE FROM state_move WHERE machine = 'commission';`);
  }
}

const moves = `
  INSERT INTO state_move (machine, from_state, to_state) VALUES
    ('commission', '', 'requested'),
    ('commission', 'requested', 'quoted'), ('commission', 'requested', 'declined'),
    ('commission', 'requested', 'withdrawn'),
    ('commission', 'quoted', 'ordered'), ('commission', 'quoted', 'working'), ('commission', 'quoted', 'declined'),
    ('commission', 'quoted', 'withdrawn'),
    ('commission', 'ordered', 'quoted'), ('commission', 'ordered', 'working'),
    ('commission', 'working', 'delivered'), ('commission', 'working', 'canceled'),
    ('commission', 'delivered', 'working'), ('commission', 'delivered', 'accepted'),
    ('commission', 'delivered', 'contested'), ('commission', 'delivered', 'canceled'),
    ('commission', 'contested', 'accepted'), ('commission', 'contested', 'canceled');`;

const tables = `
  CREATE TABLE commission (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    client_id uuid NOT NULL,
    client_member_id uuid NOT NULL,
    creator_id uuid NOT NULL,
    creator_account_id uuid NOT NULL,
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    brief text NOT NULL CHECK (char_length(brief) <= 5000),
    status text NOT NULL,
    quote_number int NOT NULL DEFAULT 0,
    amount_minor bigint CHECK (amount_minor > 0),
    currency text,
    deliver_days int CHECK (deliver_days BETWEEN 1 AND 365),
    accept_days int CHECK (accept_days BETWEEN 1 AND 60),
    revisions int CHECK (revisions BETWEEN 0 AND 20),
    kept_basis_points int CHECK (kept_basis_points BETWEEN 0 AND 10000),
    order_id uuid REFERENCES sales_order (id) DEFERRABLE INITIALLY DEFERRED,
    delivery text NOT NULL DEFAULT '' CHECK (char_length(delivery) <= 5000),
    objection text NOT NULL DEFAULT '' CHECK (char_length(objection) <= 2000),
    revised int NOT NULL DEFAULT 0,
    due_at timestamptz(3),
    outcome text,
    created_at timestamptz(3) NOT NULL,
    ended_at timestamptz(3),
    CONSTRAINT commission_quote CHECK (status IN ('requested', 'declined', 'withdrawn') OR
      num_nulls(amount_minor, currency, deliver_days, accept_days, revisions, kept_basis_points) = 0),
    CONSTRAINT commission_order CHECK (order_id IS NOT NULL
      OR status IN ('requested', 'quoted', 'declined', 'withdrawn')),
    CONSTRAINT commission_revised CHECK (revised <= coalesce(revisions, 0)),
    CONSTRAINT commission_due_at CHECK ((due_at IS NOT NULL) = (status IN ('working', 'delivered')))
  );
  CREATE INDEX commission_of_client ON commission (client_id, id);
  CREATE INDEX commission_of_creator ON commission (creator_account_id, id);
  CREATE INDEX commission_to_accept ON commission (due_at) WHERE status = 'delivered';
  CREATE TRIGGER commission_moves BEFORE INSERT OR UPDATE OF status ON commission
    FOR EACH ROW EXECUTE FUNCTION refuse_illegal_move('commission');`;
