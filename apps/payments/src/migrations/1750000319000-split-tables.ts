import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How income is divided: versions that never change, and the platform's own to begin with. */
export class SplitTables1750000319000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(tables);
    await runner.query(defaults);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE split_table');
  }
}

const tables = `
  CREATE TABLE split_table (
    id uuid PRIMARY KEY,
    community_id uuid,
    product_id uuid REFERENCES product (id),
    stream text NOT NULL CONSTRAINT split_table_stream CHECK (stream IN ('sales', 'tips', 'ads')),
    version int NOT NULL CONSTRAINT split_table_version CHECK (version > 0),
    shares jsonb NOT NULL CONSTRAINT split_table_shares CHECK (jsonb_typeof(shares) = 'array'),
    created_by_id uuid,
    created_at timestamptz(3) NOT NULL,
    effective_at timestamptz(3) NOT NULL,
    CONSTRAINT split_table_scope CHECK (product_id IS NULL OR community_id IS NOT NULL)
  );
  CREATE UNIQUE INDEX split_table_of_scope ON split_table (stream, community_id, product_id, version) NULLS NOT DISTINCT;

  CREATE TRIGGER split_table_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON split_table
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();`;

// In force where a community has decided nothing. The ids are fixed, so that every installation has the same.
const defaults = `
  INSERT INTO split_table (id, stream, version, shares, created_at, effective_at)
  SELECT id::uuid, stream, 1, shares::jsonb, '2026-01-01T00:00:00Z', '1970-01-01T00:00:00Z' FROM (VALUES
    ('01900000-0000-7000-8000-000000000001', 'sales',
      '[{"party":"creator","memberId":null,"basisPoints":9000},{"party":"platform","memberId":null,"basisPoints":1000}]'),
    ('01900000-0000-7000-8000-000000000002', 'tips',
      '[{"party":"creator","memberId":null,"basisPoints":9500},{"party":"platform","memberId":null,"basisPoints":500}]'),
    ('01900000-0000-7000-8000-000000000003', 'ads',
      '[{"party":"creator","memberId":null,"basisPoints":6000},{"party":"platform","memberId":null,"basisPoints":4000}]')
  ) AS split (id, stream, shares);`;
