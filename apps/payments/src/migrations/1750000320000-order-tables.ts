import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders, their payments and what they entitle to; what products unlock, and how many there are. */
export class OrderTables1750000320000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(stateMoves);
    await runner.query(catalogue);
    await runner.query(orders);
    await runner.query(payments);
    await runner.query(entitlements);
    await runner.query(commands);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE command_key, entitlement, payment, order_credit, order_line, sales_order, product_stock, paid_article,
        product_item;
      ALTER TABLE product DROP COLUMN earner_id;
      ALTER TABLE product_version DROP COLUMN refund_window_days, DROP COLUMN refund_ends_access;
      DROP FUNCTION refuse_illegal_move();
      DROP TABLE state_move;`);
  }
}

/*
 * State machines as data: a row's status moves along a row of this table, or the statement fails. A new row begins
 * where a move leads to from the empty state.
 */
const stateMoves = `
  CREATE TABLE state_move (
    machine text NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    PRIMARY KEY (machine, from_state, to_state)
  );
  INSERT INTO state_move (machine, from_state, to_state) VALUES
    ('order', '', 'awaiting-payment'), ('order', '', 'paid'),
    ('order', 'awaiting-payment', 'paid'), ('order', 'awaiting-payment', 'canceled'),
    ('order', 'canceled', 'paid'),
    ('order', 'paid', 'refunded'), ('order', 'paid', 'charged-back'),
    ('payment', '', 'created'),
    ('payment', 'created', 'pending'), ('payment', 'created', 'declined'), ('payment', 'created', 'canceled'),
    ('payment', 'created', 'settled'),
    ('payment', 'pending', 'declined'), ('payment', 'pending', 'canceled'), ('payment', 'pending', 'settled'),
    ('payment', 'declined', 'canceled'), ('payment', 'declined', 'settled'),
    ('payment', 'canceled', 'settled'),
    ('entitlement', '', 'active'),
    ('entitlement', 'active', 'suspended'), ('entitlement', 'active', 'revoked'),
    ('entitlement', 'suspended', 'active'), ('entitlement', 'suspended', 'revoked'),
    ('entitlement', 'revoked', 'active');

  CREATE FUNCTION refuse_illegal_move() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    from_status text := CASE TG_OP WHEN 'INSERT' THEN '' ELSE OLD.status END;
  BEGIN
    IF from_status <> NEW.status AND NOT EXISTS (
      SELECT FROM state_move
      WHERE machine = TG_ARGV[0] AND from_state = from_status AND to_state = NEW.status) THEN
      RAISE EXCEPTION '% % cannot move from "%" to "%"', TG_ARGV[0], NEW.id, from_status, NEW.status
        USING ERRCODE = 'check_violation', CONSTRAINT = 'state_move', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
  END $$;`;

const catalogue = `
  ALTER TABLE product ADD COLUMN earner_id uuid;
  ALTER TABLE product_version
    ADD COLUMN refund_window_days int NOT NULL DEFAULT 14
      CONSTRAINT product_version_refund_window CHECK (refund_window_days BETWEEN 0 AND 365),
    ADD COLUMN refund_ends_access boolean NOT NULL DEFAULT true;

  CREATE TABLE product_item (
    product_id uuid NOT NULL REFERENCES product (id),
    subject_type text NOT NULL CHECK (subject_type IN ('article', 'course', 'product')),
    subject_id uuid NOT NULL,
    PRIMARY KEY (product_id, subject_type, subject_id)
  );
  CREATE INDEX product_item_of_subject ON product_item (subject_id, subject_type);

  CREATE TABLE paid_article (
    article_id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    author_id uuid,
    is_paid boolean NOT NULL,
    version int NOT NULL
  );

  CREATE TABLE product_stock (
    product_id uuid PRIMARY KEY REFERENCES product (id),
    capacity int NOT NULL CHECK (capacity >= 0),
    held int NOT NULL DEFAULT 0 CHECK (held >= 0),
    sold int NOT NULL DEFAULT 0 CHECK (sold >= 0),
    CONSTRAINT product_stock_capacity CHECK (held + sold <= capacity)
  );`;

// The price, the split and the refund policy are those of the moment of the order, whatever is on sale later.
const orders = `
  CREATE TABLE sales_order (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    buyer_id uuid NOT NULL,
    buyer_member_id uuid,
    status text NOT NULL,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    list_minor bigint NOT NULL CHECK (list_minor >= 0),
    discount_minor bigint NOT NULL DEFAULT 0 CHECK (discount_minor BETWEEN 0 AND list_minor),
    total_minor bigint NOT NULL,
    fee_minor bigint NOT NULL DEFAULT 0 CHECK (fee_minor BETWEEN 0 AND total_minor),
    refunded_minor bigint NOT NULL DEFAULT 0,
    refund_window_days int NOT NULL,
    refund_ends_access boolean NOT NULL,
    referrer_id uuid,
    created_at timestamptz(3) NOT NULL,
    expires_at timestamptz(3) NOT NULL,
    paid_at timestamptz(3),
    canceled_at timestamptz(3),
    CONSTRAINT sales_order_total CHECK (total_minor = list_minor - discount_minor),
    CONSTRAINT sales_order_refunded CHECK (refunded_minor BETWEEN 0 AND total_minor),
    CONSTRAINT sales_order_paid_at CHECK ((paid_at IS NULL) = (status IN ('awaiting-payment', 'canceled')))
  );
  CREATE INDEX sales_order_of_buyer ON sales_order (buyer_id, id);
  CREATE INDEX sales_order_of_community ON sales_order (community_id, id);
  CREATE INDEX sales_order_to_expire ON sales_order (expires_at) WHERE status = 'awaiting-payment';
  CREATE TRIGGER sales_order_moves BEFORE INSERT OR UPDATE OF status ON sales_order
    FOR EACH ROW EXECUTE FUNCTION refuse_illegal_move('order');

  CREATE TABLE order_line (
    order_id uuid NOT NULL REFERENCES sales_order (id),
    number int NOT NULL,
    purpose text NOT NULL,
    reference_id uuid,
    product_id uuid,
    product_version int,
    price_id uuid REFERENCES price (id),
    title text NOT NULL,
    list_minor bigint NOT NULL CHECK (list_minor >= 0),
    amount_minor bigint NOT NULL CHECK (amount_minor BETWEEN 0 AND list_minor),
    split_id uuid REFERENCES split_table (id),
    earner_id uuid,
    holds_stock boolean NOT NULL DEFAULT false,
    PRIMARY KEY (order_id, number),
    FOREIGN KEY (product_id, product_version) REFERENCES product_version (product_id, number)
  );
  CREATE INDEX order_line_of_product ON order_line (product_id) WHERE product_id IS NOT NULL;

  CREATE TABLE order_credit (
    order_id uuid NOT NULL REFERENCES sales_order (id),
    number int NOT NULL,
    code text NOT NULL,
    owner_id uuid,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (order_id, number)
  );
  CREATE TRIGGER order_credit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON order_credit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`;

const payments = `
  CREATE TABLE payment (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES sales_order (id),
    provider text NOT NULL,
    status text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency text NOT NULL,
    provider_ref text,
    charge_ref text,
    payment_url text,
    fee_minor bigint CHECK (fee_minor >= 0),
    created_at timestamptz(3) NOT NULL,
    checked_at timestamptz(3),
    settled_at timestamptz(3),
    CONSTRAINT payment_settled_at CHECK ((settled_at IS NULL) = (status <> 'settled'))
  );
  CREATE INDEX payment_of_order ON payment (order_id);
  CREATE UNIQUE INDEX payment_provider_ref ON payment (provider, provider_ref) WHERE provider_ref IS NOT NULL;
  CREATE INDEX payment_charge_ref ON payment (provider, charge_ref) WHERE charge_ref IS NOT NULL;
  CREATE INDEX payment_open ON payment (created_at) WHERE status IN ('created', 'pending');
  CREATE TRIGGER payment_moves BEFORE INSERT OR UPDATE OF status ON payment
    FOR EACH ROW EXECUTE FUNCTION refuse_illegal_move('payment');`;

const entitlements = `
  CREATE TABLE entitlement (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    community_id uuid NOT NULL,
    product_id uuid NOT NULL REFERENCES product (id),
    source_type text NOT NULL,
    source_id uuid NOT NULL,
    status text NOT NULL,
    starts_at timestamptz(3) NOT NULL,
    ends_at timestamptz(3),
    version int NOT NULL DEFAULT 1,
    CONSTRAINT entitlement_source UNIQUE (source_type, source_id, product_id),
    CONSTRAINT entitlement_term CHECK (ends_at IS NULL OR ends_at >= starts_at)
  );
  CREATE INDEX entitlement_of_account ON entitlement (account_id, product_id);
  CREATE UNIQUE INDEX entitlement_bought_once ON entitlement (account_id, product_id)
    WHERE source_type = 'order' AND status IN ('active', 'suspended');
  CREATE TRIGGER entitlement_moves BEFORE INSERT OR UPDATE OF status ON entitlement
    FOR EACH ROW EXECUTE FUNCTION refuse_illegal_move('entitlement');`;

/** What a command under a key of the caller's choice answered: the same again gets the same, byte for byte. */
const commands = `
  CREATE TABLE command_key (
    account_id uuid NOT NULL,
    key text NOT NULL,
    operation text NOT NULL,
    request_hash text NOT NULL,
    result_id uuid NOT NULL,
    response text,
    created_at timestamptz(3) NOT NULL,
    PRIMARY KEY (account_id, key)
  );
  CREATE INDEX command_key_age ON command_key (created_at);`;
