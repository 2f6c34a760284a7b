import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Monthly awards: what each is given for, who was proposed in which month, and what was decided. */
export class Awards1750000442000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(tables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE award_winner, award, award_program;');
  }
}

const tables = `
  CREATE TABLE award_program (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    name text NOT NULL,
    given_for text NOT NULL CHECK (given_for IN ('points', 'thanks', 'answers', 'accepted', 'upvotes', 'choice')),
    excludes_staff boolean NOT NULL,
    -- What the first, the second … gets: points, or minor units of the currency; of a gift each gets one.
    amounts jsonb NOT NULL,
    currency text,
    gift_id uuid REFERENCES gift,
    funded bigint NOT NULL DEFAULT 0,
    promised bigint NOT NULL DEFAULT 0,
    pool_version int NOT NULL DEFAULT 0,
    created_by uuid NOT NULL,
    started_at timestamptz NOT NULL,
    stopped_at timestamptz,
    CONSTRAINT award_gives_one_thing CHECK (num_nonnulls(currency, gift_id) <= 1),
    CONSTRAINT award_pays_what_it_has CHECK (promised >= 0 AND (currency IS NULL OR promised <= funded))
  );
  CREATE INDEX award_program_of_community ON award_program (community_id, id);

  CREATE TABLE award (
    id uuid PRIMARY KEY,
    program_id uuid NOT NULL REFERENCES award_program,
    community_id uuid NOT NULL,
    month date NOT NULL,
    status text NOT NULL DEFAULT 'proposed' CHECK (status IN ('proposed', 'approved', 'refused')),
    proposed_at timestamptz NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    note text,
    UNIQUE (program_id, month)
  );
  CREATE INDEX award_of_community ON award (community_id, id);

  CREATE TABLE award_winner (
    id uuid PRIMARY KEY,
    award_id uuid NOT NULL REFERENCES award,
    member_id uuid NOT NULL,
    place int NOT NULL CHECK (place > 0),
    figure int NOT NULL,
    reason text NOT NULL,
    amount bigint,
    redemption_id uuid REFERENCES gift_redemption,
    is_left_out boolean NOT NULL DEFAULT false,
    paid_at timestamptz,
    UNIQUE (award_id, member_id),
    UNIQUE (award_id, place)
  );
  CREATE INDEX award_winner_of_member ON award_winner (member_id, id);`;
