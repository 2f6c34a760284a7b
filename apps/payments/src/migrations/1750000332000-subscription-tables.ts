import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is paid for again and again, what was asked for it, and the means to ask. */
export class SubscriptionTables1750000332000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(tables);
    await runner.query(stateMachine);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE trial_use, payment_method, subscription_item, subscription_invoice, subscription, subscription_terms;
      DROP FUNCTION subscription_moves();`);
  }
}

const tables = `
  CREATE TABLE subscription_terms (
    product_id uuid PRIMARY KEY REFERENCES product (id),
    trial_days int NOT NULL CHECK (trial_days BETWEEN 0 AND 730),
    grace_days int NOT NULL CHECK (grace_days IN (0, 2, 7, 14, 21))
  );

  CREATE TABLE subscription (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    account_id uuid NOT NULL,
    member_id uuid,
    status text NOT NULL CHECK (status IN ('incomplete', 'trialing', 'active', 'past_due', 'paused', 'canceled')),
    product_id uuid NOT NULL REFERENCES product (id),
    product_version int NOT NULL,
    price_id uuid NOT NULL REFERENCES price (id),
    interval text NOT NULL CHECK (interval IN ('month', 'year')),
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    pending_price_id uuid REFERENCES price (id),
    anchor_at timestamptz(3) NOT NULL,
    period_number int NOT NULL,
    period_start timestamptz(3) NOT NULL,
    period_end timestamptz(3) NOT NULL,
    period_paid_minor bigint NOT NULL DEFAULT 0,
    paid_through timestamptz(3),
    trial_ends_at timestamptz(3),
    grace_days int NOT NULL,
    cancel_at_period_end boolean NOT NULL,
    pause_at_period_end boolean NOT NULL,
    resumes_at timestamptz(3),
    past_due_since timestamptz(3),
    declines int NOT NULL,
    reminder_at timestamptz(3),
    next_action_at timestamptz(3),
    ended_at timestamptz(3),
    coupon_id uuid REFERENCES coupon (id),
    coupon_ends_at timestamptz(3),
    created_at timestamptz(3) NOT NULL,
    version int NOT NULL DEFAULT 1,
    CONSTRAINT subscription_ended CHECK ((ended_at IS NULL) = (status <> 'canceled'))
  ) WITH (fillfactor = 70);
  CREATE INDEX subscription_due ON subscription (next_action_at) WHERE next_action_at IS NOT NULL;
  CREATE INDEX subscription_of_account ON subscription (account_id, id);
  CREATE INDEX subscription_of_community ON subscription (community_id, id);
  CREATE UNIQUE INDEX subscription_once ON subscription (account_id, product_id) WHERE status <> 'canceled';

  CREATE TABLE subscription_invoice (
    id uuid PRIMARY KEY,
    subscription_id uuid NOT NULL REFERENCES subscription (id),
    kind text NOT NULL CHECK (kind IN ('period', 'change', 'reset')),
    status text NOT NULL CHECK (status IN ('open', 'paid', 'void')),
    product_id uuid NOT NULL REFERENCES product (id),
    price_id uuid NOT NULL REFERENCES price (id),
    period_start timestamptz(3) NOT NULL,
    period_end timestamptz(3) NOT NULL,
    lines jsonb NOT NULL,
    total_minor bigint NOT NULL CHECK (total_minor >= 0),
    currency text NOT NULL,
    declines int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz(3),
    charge_id uuid,
    charging_since timestamptz(3),
    order_id uuid,
    created_at timestamptz(3) NOT NULL,
    paid_at timestamptz(3),
    CONSTRAINT subscription_invoice_paid CHECK ((paid_at IS NULL) = (status <> 'paid'))
  ) WITH (fillfactor = 70);
  CREATE INDEX subscription_invoice_of_subscription ON subscription_invoice (subscription_id, id);
  CREATE UNIQUE INDEX subscription_invoice_open ON subscription_invoice (subscription_id) WHERE status = 'open';
  CREATE INDEX subscription_invoice_due ON subscription_invoice (next_attempt_at)
    WHERE status = 'open' AND next_attempt_at IS NOT NULL;

  CREATE TABLE subscription_item (
    id uuid PRIMARY KEY,
    subscription_id uuid NOT NULL REFERENCES subscription (id),
    description text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
    currency text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    invoice_id uuid REFERENCES subscription_invoice (id)
  );
  CREATE INDEX subscription_item_waiting ON subscription_item (subscription_id) WHERE invoice_id IS NULL;

  CREATE TABLE payment_method (
    account_id uuid NOT NULL,
    provider text NOT NULL,
    token text NOT NULL,
    fingerprint text,
    created_at timestamptz(3) NOT NULL,
    PRIMARY KEY (account_id, provider)
  );

  CREATE TABLE trial_use (
    community_id uuid NOT NULL,
    customer_key text NOT NULL,
    subscription_id uuid NOT NULL REFERENCES subscription (id),
    PRIMARY KEY (community_id, customer_key)
  );`;

/** The moves of `subscriptions/lifecycle.ts`: whatever code does, an illegal one is not written. */
const stateMachine = `
  CREATE FUNCTION subscription_moves() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
      ('incomplete', 'active'), ('incomplete', 'canceled'), ('trialing', 'active'), ('trialing', 'canceled'),
      ('active', 'past_due'), ('active', 'paused'), ('active', 'canceled'),
      ('past_due', 'active'), ('past_due', 'canceled'), ('paused', 'active'), ('paused', 'canceled')) THEN
      RAISE EXCEPTION 'subscription % does not go from % to %', NEW.id, OLD.status, NEW.status
        USING ERRCODE = 'check_violation', CONSTRAINT = 'subscription_moves', TABLE = 'subscription';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER subscription_moves BEFORE UPDATE ON subscription
    FOR EACH ROW EXECUTE FUNCTION subscription_moves();`;
