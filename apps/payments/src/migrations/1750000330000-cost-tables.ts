import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What products cost and what they brought in: the two sides of a return. */
export class CostTables1750000330000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE product_revenue, product_cost');
  }
}

const tables = `
  CREATE TABLE product_cost (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES product (id),
    category text NOT NULL CONSTRAINT product_cost_category
      CHECK (category IN ('production', 'operations', 'promotion')),
    amount_minor bigint NOT NULL CONSTRAINT product_cost_amount CHECK (amount_minor <> 0),
    currency text NOT NULL CONSTRAINT product_cost_currency CHECK (currency ~ '^[A-Z]{3}$'),
    incurred_on date NOT NULL,
    note text,
    voids_id uuid REFERENCES product_cost (id),
    recorded_by_id uuid NOT NULL,
    recorded_at timestamptz(3) NOT NULL,
    idempotency_key text NOT NULL,
    CONSTRAINT product_cost_sign CHECK ((amount_minor < 0) = (voids_id IS NOT NULL))
  );
  CREATE INDEX product_cost_of_product ON product_cost (product_id, currency, incurred_on);
  CREATE UNIQUE INDEX product_cost_voided_once ON product_cost (voids_id);
  CREATE UNIQUE INDEX product_cost_key ON product_cost (recorded_by_id, idempotency_key);

  CREATE TABLE product_revenue (
    source_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT product_revenue_kind CHECK (kind IN ('sale', 'refund', 'dispute', 'dispute-won')),
    product_id uuid NOT NULL REFERENCES product (id),
    amount_minor bigint NOT NULL CONSTRAINT product_revenue_sign
      CHECK (amount_minor <> 0 AND (amount_minor > 0) = (kind IN ('sale', 'dispute-won'))),
    currency text NOT NULL CONSTRAINT product_revenue_currency CHECK (currency ~ '^[A-Z]{3}$'),
    occurred_at timestamptz(3) NOT NULL,
    PRIMARY KEY (source_id, kind, product_id)
  );
  CREATE INDEX product_revenue_of_product ON product_revenue (product_id, currency, occurred_at);

  CREATE TRIGGER product_cost_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON product_cost
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER product_revenue_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON product_revenue
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`;
