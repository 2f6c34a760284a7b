import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What payments knows of communities, and what they sell. */
export class CatalogueTables1750000300000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(communities);
    await runner.query(catalogue);
    await runner.query(appendOnly);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE price, product_version, product, membership, community;
      DROP FUNCTION refuse_change();`);
  }
}

const communities = `
  CREATE TABLE community (
    id uuid PRIMARY KEY,
    slug text NOT NULL,
    visibility text NOT NULL DEFAULT 'public'
  );

  CREATE TABLE membership (
    member_id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    community_id uuid NOT NULL,
    role text NOT NULL,
    status text NOT NULL,
    version int NOT NULL
  );
  CREATE INDEX membership_community_account ON membership (community_id, account_id);`;

// Lists are newest first: ids are time-ordered (UUIDv7), so the id alone is the sort key.
const catalogue = `
  CREATE TABLE product (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    created_by_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT product_kind CHECK (kind IN
      ('article', 'course', 'membership', 'bundle', 'consulting', 'seat-pack', 'event-ticket', 'sponsorship')),
    title text NOT NULL CONSTRAINT product_title CHECK (char_length(title) BETWEEN 1 AND 200),
    version int NOT NULL DEFAULT 1 CONSTRAINT product_version CHECK (version > 0),
    created_at timestamptz(3) NOT NULL,
    archived_at timestamptz(3)
  );
  CREATE INDEX product_of_community ON product (community_id, id) WHERE archived_at IS NULL;
  CREATE INDEX product_archived_of_community ON product (community_id, id) WHERE archived_at IS NOT NULL;

  CREATE TABLE product_version (
    product_id uuid NOT NULL REFERENCES product (id),
    number int NOT NULL CONSTRAINT product_version_number CHECK (number > 0),
    created_by_id uuid NOT NULL,
    created_at timestamptz(3) NOT NULL,
    PRIMARY KEY (product_id, number)
  );

  CREATE TABLE price (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL,
    version int NOT NULL,
    interval text NOT NULL CONSTRAINT price_interval CHECK (interval IN ('one-off', 'month', 'year')),
    amount_minor bigint NOT NULL CONSTRAINT price_amount_minor CHECK (amount_minor >= 0),
    currency text NOT NULL CONSTRAINT price_currency CHECK (currency ~ '^[A-Z]{3}$'),
    FOREIGN KEY (product_id, version) REFERENCES product_version (product_id, number)
  );
  CREATE UNIQUE INDEX price_of_version ON price (product_id, version, interval, currency);`;

/** What an order was made under must stay readable as it was. */
const appendOnly = `
  CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
  END $$;

  CREATE TRIGGER product_version_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON product_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER price_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON price
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`;
