import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Money that goes back: because somebody gives it back, or because a buyer demanded it of the bank. */
export class RefundTables1750000322000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(moves);
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE dispute, refund;
      DELETE FROM state_move WHERE machine IN ('refund', 'dispute');`);
  }
}

const moves = `
  INSERT INTO state_move (machine, from_state, to_state) VALUES
    ('refund', '', 'requested'),
    ('refund', 'requested', 'pending'), ('refund', 'requested', 'settled'), ('refund', 'requested', 'failed'),
    ('refund', 'pending', 'settled'), ('refund', 'pending', 'failed'),
    ('dispute', '', 'open'), ('dispute', '', 'won'), ('dispute', '', 'lost'),
    ('dispute', 'open', 'won'), ('dispute', 'open', 'lost');`;

// "taken" is who gave how much, so that a failed refund or a won dispute gives exactly that back.
const tables = `
  CREATE TABLE refund (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES sales_order (id),
    payment_id uuid NOT NULL REFERENCES payment (id),
    status text NOT NULL,
    origin text NOT NULL CHECK (origin IN ('order', 'unassigned')),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency text NOT NULL,
    taken jsonb NOT NULL,
    ends_access boolean NOT NULL,
    reason text NOT NULL,
    requested_by uuid,
    provider_ref text,
    attempts int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz(3) NOT NULL,
    problem text,
    created_at timestamptz(3) NOT NULL,
    settled_at timestamptz(3),
    CONSTRAINT refund_settled_at CHECK ((settled_at IS NULL) = (status <> 'settled'))
  );
  CREATE INDEX refund_of_order ON refund (order_id);
  CREATE INDEX refund_due ON refund (next_attempt_at) WHERE status IN ('requested', 'pending');
  CREATE TRIGGER refund_moves BEFORE INSERT OR UPDATE OF status ON refund
    FOR EACH ROW EXECUTE FUNCTION refuse_illegal_move('refund');

  CREATE TABLE dispute (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES sales_order (id),
    payment_id uuid NOT NULL REFERENCES payment (id),
    provider text NOT NULL,
    provider_ref text NOT NULL,
    status text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    currency text NOT NULL,
    taken jsonb NOT NULL,
    reason text NOT NULL,
    version int NOT NULL DEFAULT 1,
    opened_at timestamptz(3) NOT NULL,
    decided_at timestamptz(3),
    CONSTRAINT dispute_provider_ref UNIQUE (provider, provider_ref),
    CONSTRAINT dispute_decided_at CHECK ((decided_at IS NULL) = (status = 'open'))
  );
  CREATE INDEX dispute_of_order ON dispute (order_id);
  CREATE TRIGGER dispute_moves BEFORE INSERT OR UPDATE OF status ON dispute
    FOR EACH ROW EXECUTE FUNCTION refuse_illegal_move('dispute');`;
