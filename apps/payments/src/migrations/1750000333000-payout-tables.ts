import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What creators had paid out, and on which terms. */
export class PayoutTables1750000333000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE payout, payout_terms;
      DROP FUNCTION payout_moves();`);
  }
}

const tables = `
  CREATE TABLE payout_terms (
    community_id uuid PRIMARY KEY,
    hold_days int NOT NULL CHECK (hold_days BETWEEN 0 AND 120),
    minimum_minor bigint NOT NULL CHECK (minimum_minor BETWEEN 1 AND 1000000000)
  );

  CREATE TABLE payout (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    member_id uuid NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    status text NOT NULL CHECK (status IN ('requested', 'paid', 'failed', 'reversed')),
    idempotency_key text NOT NULL,
    requested_at timestamptz(3) NOT NULL,
    decided_at timestamptz(3),
    decided_by_id uuid,
    reference text,
    CONSTRAINT payout_decided CHECK ((decided_at IS NULL) = (status = 'requested'))
  );
  CREATE UNIQUE INDEX payout_key ON payout (member_id, idempotency_key);
  CREATE INDEX payout_of_member ON payout (member_id, id);
  CREATE INDEX payout_of_community ON payout (community_id, id);

  CREATE FUNCTION payout_moves() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
      ('requested', 'paid'), ('requested', 'failed'), ('paid', 'reversed')) THEN
      RAISE EXCEPTION 'payout % does not go from % to %', NEW.id, OLD.status, NEW.status
        USING ERRCODE = 'check_violation', CONSTRAINT = 'payout_moves', TABLE = 'payout';
    END IF;
    IF (OLD.member_id, OLD.amount_minor, OLD.currency) <> (NEW.member_id, NEW.amount_minor, NEW.currency) THEN
      RAISE EXCEPTION 'payout % keeps its amount', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER payout_moves BEFORE UPDATE ON payout FOR EACH ROW EXECUTE FUNCTION payout_moves();`;
