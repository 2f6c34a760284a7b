import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pools of money for prizes, what was paid in, and the prizes: never more goes out than came in. */
export class PrizeTables1750000370000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE prize, prize_funding, prize_pool');
  }
}

const tables = `
  CREATE TABLE prize_pool (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    title text NOT NULL,
    currency text NOT NULL,
    is_open boolean NOT NULL,
    version int NOT NULL,
    funded_minor bigint NOT NULL DEFAULT 0,
    fundings int NOT NULL DEFAULT 0,
    paid_minor bigint NOT NULL DEFAULT 0 CHECK (paid_minor >= 0),
    returned_minor bigint NOT NULL DEFAULT 0 CHECK (returned_minor >= 0),
    CONSTRAINT prize_pool_pays_what_it_has CHECK (paid_minor + returned_minor <= funded_minor)
  );

  CREATE TABLE prize_funding (
    id uuid PRIMARY KEY,
    pool_id uuid NOT NULL REFERENCES prize_pool,
    order_id uuid NOT NULL UNIQUE REFERENCES sales_order (id),
    member_id uuid NOT NULL,
    -- After the fee of the provider; null until it is paid.
    amount_minor bigint CHECK (amount_minor > 0),
    returned_minor bigint NOT NULL DEFAULT 0,
    CONSTRAINT prize_funding_returns_what_came CHECK (returned_minor BETWEEN 0 AND coalesce(amount_minor, 0))
  );
  CREATE INDEX prize_funding_of_pool ON prize_funding (pool_id);
  CREATE INDEX prize_funding_of_member ON prize_funding (member_id);

  -- A prize may be heard of before its pool: it waits, as one does that the pool cannot pay.
  CREATE TABLE prize (
    id uuid PRIMARY KEY,
    pool_id uuid NOT NULL,
    community_id uuid NOT NULL,
    member_id uuid NOT NULL,
    title text NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency text NOT NULL,
    paid_at timestamptz(3)
  );
  CREATE INDEX prize_waiting ON prize (pool_id, id) WHERE paid_at IS NULL;
  CREATE INDEX prize_of_member ON prize (member_id);`;
