import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What providers tell, as it came; and the provider that is not one. */
export class WebhookTables1750000321000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(inbound);
    await runner.query(sandbox);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE sandbox_delivery, sandbox_refund, sandbox_payment, sandbox_secret, provider_webhook',
    );
  }
}

const inbound = `
  CREATE TABLE provider_webhook (
    id uuid PRIMARY KEY,
    provider text NOT NULL,
    event_id text NOT NULL,
    type text NOT NULL,
    notice jsonb NOT NULL,
    raw_body text NOT NULL,
    received_at timestamptz(3) NOT NULL,
    status text NOT NULL DEFAULT 'received' CHECK (status IN ('received', 'processed', 'ignored', 'failed')),
    attempts int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz(3) NOT NULL,
    processed_at timestamptz(3),
    problem text,
    CONSTRAINT provider_webhook_event UNIQUE (provider, event_id)
  );
  CREATE INDEX provider_webhook_due ON provider_webhook (next_attempt_at) WHERE status = 'received';`;

const sandbox = `
  CREATE TABLE sandbox_secret (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    secret text NOT NULL
  );
  INSERT INTO sandbox_secret (secret)
    VALUES (encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'base64'));

  CREATE TABLE sandbox_payment (
    ref uuid PRIMARY KEY,
    payment_id uuid NOT NULL UNIQUE,
    title text NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    return_url text NOT NULL,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'delayed', 'paid', 'declined', 'canceled')),
    dispute text CHECK (dispute IN ('open', 'won', 'lost')),
    expires_at timestamptz(3) NOT NULL
  );

  CREATE TABLE sandbox_refund (
    refund_id uuid PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES sandbox_payment (payment_id),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0)
  );

  CREATE TABLE sandbox_delivery (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id text NOT NULL,
    body text NOT NULL,
    due_at timestamptz(3) NOT NULL,
    sent_at timestamptz(3)
  );
  CREATE INDEX sandbox_delivery_due ON sandbox_delivery (due_at, id) WHERE sent_at IS NULL;`;
