import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Proposals of members, the voters of each, and their votes. */
export class Governance1750000125000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(`
      CREATE TABLE proposal (
        id uuid PRIMARY KEY,
        community_id uuid NOT NULL REFERENCES community (id),
        proposer_id uuid NOT NULL REFERENCES member (id),
        kind text NOT NULL CHECK (kind IN ('rules', 'event')),
        title text NOT NULL,
        description text NOT NULL,
        change jsonb NOT NULL,
        quorum_percent int NOT NULL CHECK (quorum_percent BETWEEN 1 AND 100),
        state text NOT NULL DEFAULT 'open' CHECK (state IN
          ('open', 'accepted', 'rejected', 'no-quorum', 'withdrawn')),
        opened_at timestamptz(3) NOT NULL,
        closes_at timestamptz(3) NOT NULL,
        closed_at timestamptz(3),
        voters int NOT NULL CHECK (voters > 0),
        ayes int,
        noes int,
        abstentions int,
        charter_version int
      );
      CREATE INDEX proposal_community ON proposal (community_id, opened_at, id);
      CREATE INDEX proposal_open ON proposal (closes_at) WHERE state = 'open';
      CREATE INDEX proposal_proposer ON proposal (proposer_id);

      CREATE TABLE proposal_vote (
        proposal_id uuid NOT NULL REFERENCES proposal (id),
        member_id uuid NOT NULL REFERENCES member (id),
        choice text CHECK (choice IN ('aye', 'no', 'abstain')),
        voted_at timestamptz(3),
        PRIMARY KEY (proposal_id, member_id)
      );
      CREATE INDEX proposal_vote_member ON proposal_vote (member_id);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE proposal_vote, proposal;');
  }
}
