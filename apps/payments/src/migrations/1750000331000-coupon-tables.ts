import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Codes that make things cheaper, and who used them. */
export class CouponTables1750000331000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE coupon_use, coupon');
  }
}

const tables = `
  CREATE TABLE coupon (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    code text NOT NULL,
    code_key text NOT NULL,
    kind text NOT NULL CONSTRAINT coupon_kind CHECK (kind IN ('percent', 'fixed', 'trial')),
    basis_points int CONSTRAINT coupon_basis_points CHECK (basis_points BETWEEN 1 AND 10000),
    amount_minor bigint CONSTRAINT coupon_amount CHECK (amount_minor > 0),
    currency text CONSTRAINT coupon_currency CHECK (currency ~ '^[A-Z]{3}$'),
    trial_days int CONSTRAINT coupon_trial_days CHECK (trial_days BETWEEN 1 AND 730),
    duration text NOT NULL CONSTRAINT coupon_duration CHECK (duration IN ('once', 'months', 'forever')),
    months int CONSTRAINT coupon_months CHECK (months BETWEEN 1 AND 120),
    product_ids uuid[] NOT NULL DEFAULT '{}',
    starts_at timestamptz(3),
    ends_at timestamptz(3),
    max_uses int CONSTRAINT coupon_max_uses CHECK (max_uses > 0),
    max_uses_per_customer int CONSTRAINT coupon_max_uses_per_customer CHECK (max_uses_per_customer > 0),
    created_by_id uuid NOT NULL,
    created_at timestamptz(3) NOT NULL,
    disabled_at timestamptz(3),
    CONSTRAINT coupon_percent CHECK ((kind = 'percent') = (basis_points IS NOT NULL)),
    CONSTRAINT coupon_fixed CHECK ((kind = 'fixed') = (amount_minor IS NOT NULL AND currency IS NOT NULL)),
    CONSTRAINT coupon_trial CHECK ((kind = 'trial') = (trial_days IS NOT NULL)),
    CONSTRAINT coupon_repeats CHECK ((duration = 'months') = (months IS NOT NULL)),
    CONSTRAINT coupon_window CHECK (ends_at > starts_at)
  );
  CREATE UNIQUE INDEX coupon_code ON coupon (community_id, code_key);
  CREATE INDEX coupon_of_community ON coupon (community_id, id);

  CREATE TABLE coupon_use (
    order_id uuid PRIMARY KEY,
    coupon_id uuid NOT NULL REFERENCES coupon (id),
    customer_keys text[] NOT NULL CHECK (cardinality(customer_keys) > 0),
    discount_minor bigint NOT NULL CHECK (discount_minor >= 0),
    currency text NOT NULL,
    reserved_at timestamptz(3) NOT NULL,
    released_at timestamptz(3)
  );
  CREATE INDEX coupon_use_in_force ON coupon_use (coupon_id) WHERE released_at IS NULL;
  CREATE INDEX coupon_use_of_customer ON coupon_use USING gin (customer_keys) WHERE released_at IS NULL;`;
