import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who wants to be told of what happens, and what each was told. */
export class WebhookEndpointTables1750000323000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE webhook_endpoint (
        id uuid PRIMARY KEY,
        community_id uuid NOT NULL,
        url text NOT NULL CHECK (char_length(url) <= 2000),
        secret text NOT NULL,
        types text[] NOT NULL,
        created_by_id uuid NOT NULL,
        created_at timestamptz(3) NOT NULL,
        removed_at timestamptz(3)
      );
      CREATE INDEX webhook_endpoint_of_community ON webhook_endpoint (community_id) WHERE removed_at IS NULL;

      CREATE TABLE webhook_message (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id uuid NOT NULL UNIQUE,
        community_id uuid NOT NULL,
        type text NOT NULL,
        object_id uuid NOT NULL,
        body text NOT NULL,
        created_at timestamptz(3) NOT NULL
      );

      CREATE TABLE webhook_delivery (
        id uuid PRIMARY KEY,
        endpoint_id uuid NOT NULL REFERENCES webhook_endpoint (id),
        position bigint NOT NULL REFERENCES webhook_message (position),
        object_id uuid NOT NULL,
        status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
        attempts int NOT NULL DEFAULT 0,
        next_attempt_at timestamptz(3) NOT NULL,
        last_status int,
        last_problem text,
        delivered_at timestamptz(3),
        UNIQUE (endpoint_id, position)
      );
      CREATE INDEX webhook_delivery_due ON webhook_delivery (next_attempt_at) WHERE status = 'pending';
      CREATE INDEX webhook_delivery_of_object ON webhook_delivery (endpoint_id, object_id, position) WHERE status = 'pending';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE webhook_delivery, webhook_message, webhook_endpoint');
  }
}
