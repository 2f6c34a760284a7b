import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What accounts leave with providers to pay with again: several each, by their consent, and removed there as well. */
export class PaymentMethods1750000350000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(methods);
    await runner.query(removals);
    await runner.query(payments);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sandbox_payment DROP COLUMN saves_method, DROP COLUMN is_setup;
      ALTER TABLE subscription_invoice DROP COLUMN charge_ref, DROP COLUMN problem;
      ALTER TABLE payment DROP COLUMN saves_method;
      DROP TRIGGER payment_method_removed ON payment_method;
      DROP FUNCTION remove_payment_method();
      DROP TABLE payment_method_removal, payment_method_setup;
      DROP INDEX payment_method_to_describe, payment_method_of_account;
      ALTER TABLE payment_method DROP CONSTRAINT payment_method_token, DROP CONSTRAINT payment_method_pkey,
        DROP COLUMN id, DROP COLUMN label, DROP COLUMN expires_at, DROP COLUMN consented_at,
        DROP COLUMN described_at, DROP COLUMN preferred_at, ADD PRIMARY KEY (account_id, provider);`);
  }
}

// The one with the latest preferred_at is the default: so there always is one, and never two.
const methods = `
  ALTER TABLE payment_method DROP CONSTRAINT payment_method_pkey,
    ADD COLUMN id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    ADD COLUMN label text,
    ADD COLUMN expires_at timestamptz(3),
    ADD COLUMN consented_at timestamptz(3) NOT NULL DEFAULT now(),
    ADD COLUMN described_at timestamptz(3),
    ADD COLUMN preferred_at timestamptz(3) NOT NULL DEFAULT now(),
    ADD CONSTRAINT payment_method_token UNIQUE (account_id, provider, token);
  CREATE INDEX payment_method_of_account ON payment_method (account_id, preferred_at, id);
  CREATE INDEX payment_method_to_describe ON payment_method (created_at) WHERE described_at IS NULL;

  CREATE TABLE payment_method_setup (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    provider text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    finished_at timestamptz(3)
  );
  CREATE INDEX payment_method_setup_age ON payment_method_setup (created_at);`;

// Whoever deletes a method, its owner or the erasure of an account: the provider is to forget it, too.
const removals = `
  CREATE TABLE payment_method_removal (
    provider text NOT NULL,
    token text NOT NULL,
    attempts int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz(3) NOT NULL,
    PRIMARY KEY (provider, token)
  );
  CREATE FUNCTION remove_payment_method() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO payment_method_removal (provider, token, next_attempt_at)
      VALUES (OLD.provider, OLD.token, '-infinity') ON CONFLICT DO NOTHING;
    RETURN NULL;
  END $$;
  CREATE TRIGGER payment_method_removed AFTER DELETE ON payment_method
    FOR EACH ROW EXECUTE FUNCTION remove_payment_method();`;

const payments = `
  ALTER TABLE payment ADD COLUMN saves_method boolean NOT NULL DEFAULT false;
  ALTER TABLE subscription_invoice ADD COLUMN charge_ref text, ADD COLUMN problem text;
  ALTER TABLE sandbox_payment
    ADD COLUMN saves_method boolean NOT NULL DEFAULT false, ADD COLUMN is_setup boolean NOT NULL DEFAULT false;`;
