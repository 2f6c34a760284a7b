import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What members write in communities, and what other members say to it. */
export class ContentTables1750000200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(knownTables);
    await runner.query(questionTables);
    await runner.query(questionHeat);
    await runner.query(postTables);
    await runner.query(reactionTables);
    await runner.query(tagTables);
    await runner.query(bountyAndLinkTables);
    await runner.query(editTables);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE idempotency_key, edit_suggestion, revision, post_link, bounty, question_tag, tag, favourite,
        vote, comment, article, answer, question, membership, community;
      DROP FUNCTION set_question_heat();
      DROP FUNCTION question_heat(int, int, timestamptz);`);
  }
}

/** What identity told: projections, the highest version that arrived. */
const knownTables = `
  CREATE TABLE community (
    id uuid PRIMARY KEY,
    slug text NOT NULL,
    visibility text NOT NULL CHECK (visibility IN ('public', 'private'))
  );

  CREATE TABLE membership (
    member_id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    community_id uuid NOT NULL,
    role text NOT NULL CHECK (role IN ('owner', 'admin', 'moderator', 'member')),
    status text NOT NULL CHECK (status IN ('active', 'left', 'banned')),
    version int NOT NULL
  );
  CREATE INDEX membership_account ON membership (account_id, community_id);`;

const questionTables = `
  CREATE TABLE question (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    author_id uuid,
    source_id text,
    title text NOT NULL CHECK (char_length(title) <= 300),
    body_source text,
    body_html text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    edited_at timestamptz(3),
    last_activity_at timestamptz(3) NOT NULL,
    score int NOT NULL DEFAULT 0,
    view_count int NOT NULL DEFAULT 0,
    answer_count int NOT NULL DEFAULT 0 CHECK (answer_count >= 0),
    comment_count int NOT NULL DEFAULT 0 CHECK (comment_count >= 0),
    favourite_count int NOT NULL DEFAULT 0 CHECK (favourite_count >= 0),
    accepted_answer_id uuid,
    accepted_at timestamptz(3),
    acceptance_version int NOT NULL DEFAULT 0,
    community_owned_at timestamptz(3),
    closed_at timestamptz(3),
    close_reason text CHECK (close_reason IN ('duplicate', 'off_topic', 'unclear', 'too_broad', 'other')),
    heat double precision NOT NULL DEFAULT 0
  );
  CREATE INDEX question_hot ON question (community_id, heat, id);
  CREATE INDEX question_newest ON question (community_id, created_at, id);
  CREATE INDEX question_score ON question (community_id, score, id);
  CREATE INDEX question_active ON question (community_id, last_activity_at, id);
  CREATE INDEX question_unanswered ON question (community_id, created_at, id) WHERE answer_count = 0;
  CREATE INDEX question_author ON question (author_id, created_at, id);`;

/*
 * How hot a question is: ten times the score, or a hundred times the answers, count as much as being 12.5 hours
 * newer. It says nothing about "now", so it changes only with the question, and a list in its order can be paged.
 * A trigger keeps it, so that it is right whoever writes questions: a use case one, an import ten thousand.
 */
const questionHeat = `
  CREATE FUNCTION question_heat(score int, answer_count int, created_at timestamptz) RETURNS double precision
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    sign(score) * log((1 + abs(score))::double precision)
    + log((1 + answer_count)::double precision) / 2
    + extract(epoch FROM created_at AT TIME ZONE 'UTC')::double precision / 45000;

  CREATE FUNCTION set_question_heat() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NEW.heat := question_heat(NEW.score, NEW.answer_count, NEW.created_at);
    RETURN NEW;
  END $$;

  CREATE TRIGGER question_heat BEFORE INSERT OR UPDATE OF score, answer_count, created_at, heat ON question
    FOR EACH ROW EXECUTE FUNCTION set_question_heat();`;

const postTables = `
  CREATE TABLE answer (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    question_id uuid NOT NULL,
    author_id uuid,
    source_id text,
    body_source text,
    body_html text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    edited_at timestamptz(3),
    score int NOT NULL DEFAULT 0,
    comment_count int NOT NULL DEFAULT 0 CHECK (comment_count >= 0),
    community_owned_at timestamptz(3),
    CONSTRAINT answer_question_id_fkey FOREIGN KEY (question_id) REFERENCES question (id)
  );
  CREATE INDEX answer_question ON answer (question_id, created_at, id);
  CREATE INDEX answer_author ON answer (author_id, created_at, id);

  CREATE TABLE article (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    author_id uuid,
    title text NOT NULL CHECK (char_length(title) <= 300),
    body_source text,
    body_html text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    edited_at timestamptz(3),
    score int NOT NULL DEFAULT 0,
    view_count int NOT NULL DEFAULT 0,
    comment_count int NOT NULL DEFAULT 0 CHECK (comment_count >= 0)
  );
  CREATE INDEX article_newest ON article (community_id, created_at, id);
  CREATE INDEX article_score ON article (community_id, score, id);
  CREATE INDEX article_author ON article (author_id, created_at, id);

  CREATE TABLE comment (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    target_type text NOT NULL CHECK (target_type IN ('question', 'answer', 'article')),
    target_id uuid NOT NULL,
    author_id uuid,
    source_id text,
    body_source text,
    body_html text NOT NULL,
    created_at timestamptz(3) NOT NULL,
    score int NOT NULL DEFAULT 0
  );
  CREATE INDEX comment_target ON comment (target_id, created_at, id);
  CREATE INDEX comment_author ON comment (author_id, created_at, id);`;

const reactionTables = `
  CREATE TABLE vote (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    target_type text NOT NULL CHECK (target_type IN ('question', 'answer', 'comment', 'article')),
    target_id uuid NOT NULL,
    voter_id uuid,
    value smallint NOT NULL CHECK (value IN (-1, 0, 1)),
    version int NOT NULL DEFAULT 1,
    created_at timestamptz(3) NOT NULL
  );
  CREATE UNIQUE INDEX vote_one_a_member ON vote (target_id, voter_id) WHERE voter_id IS NOT NULL;
  CREATE INDEX vote_voter ON vote (voter_id, created_at) WHERE voter_id IS NOT NULL;

  CREATE TABLE favourite (
    question_id uuid NOT NULL,
    member_id uuid NOT NULL,
    community_id uuid NOT NULL,
    is_favourite boolean NOT NULL DEFAULT true,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz(3) NOT NULL,
    PRIMARY KEY (question_id, member_id),
    CONSTRAINT favourite_question_id_fkey FOREIGN KEY (question_id) REFERENCES question (id)
  );
  CREATE INDEX favourite_member ON favourite (member_id, created_at, question_id) WHERE is_favourite;`;

const tagTables = `
  CREATE TABLE tag (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 35),
    question_count int NOT NULL DEFAULT 0 CHECK (question_count >= 0),
    created_at timestamptz(3) NOT NULL
  );
  CREATE UNIQUE INDEX tag_name ON tag (community_id, name);
  CREATE INDEX tag_popular ON tag (community_id, question_count, id);

  CREATE TABLE question_tag (
    question_id uuid NOT NULL,
    tag_id uuid NOT NULL,
    position smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (question_id, tag_id),
    CONSTRAINT question_tag_question_id_fkey FOREIGN KEY (question_id) REFERENCES question (id),
    CONSTRAINT question_tag_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES tag (id)
  );
  CREATE INDEX question_tag_tag ON question_tag (tag_id, question_id);`;

const bountyAndLinkTables = `
  CREATE TABLE bounty (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    question_id uuid NOT NULL,
    offerer_id uuid,
    amount int NOT NULL CHECK (amount > 0),
    offered_at timestamptz(3) NOT NULL,
    expires_at timestamptz(3),
    closed_at timestamptz(3),
    awarded_answer_id uuid,
    awarded_amount int CHECK (awarded_amount > 0),
    CONSTRAINT bounty_question_id_fkey FOREIGN KEY (question_id) REFERENCES question (id)
  );
  CREATE INDEX bounty_question ON bounty (question_id, offered_at);
  CREATE INDEX bounty_offerer ON bounty (offerer_id, offered_at);
  CREATE UNIQUE INDEX bounty_open ON bounty (question_id) WHERE closed_at IS NULL AND expires_at IS NOT NULL;
  CREATE INDEX bounty_expiring ON bounty (expires_at) WHERE closed_at IS NULL AND expires_at IS NOT NULL;

  CREATE TABLE post_link (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    question_id uuid NOT NULL,
    related_question_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('duplicate', 'related')),
    created_by uuid,
    created_at timestamptz(3) NOT NULL,
    CONSTRAINT post_link_question_id_fkey FOREIGN KEY (question_id) REFERENCES question (id),
    CONSTRAINT post_link_related_question_id_fkey FOREIGN KEY (related_question_id) REFERENCES question (id),
    CHECK (question_id <> related_question_id)
  );
  CREATE UNIQUE INDEX post_link_once ON post_link (question_id, related_question_id, kind);
  CREATE INDEX post_link_related ON post_link (related_question_id);`;

const editTables = `
  CREATE TABLE revision (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    target_type text NOT NULL CHECK (target_type IN ('question', 'answer', 'article')),
    target_id uuid NOT NULL,
    number int NOT NULL CHECK (number > 0),
    editor_id uuid,
    title text,
    body_source text,
    body_html text NOT NULL,
    tags text[],
    summary text NOT NULL DEFAULT '',
    created_at timestamptz(3) NOT NULL
  );
  CREATE UNIQUE INDEX revision_number ON revision (target_id, number);

  CREATE TABLE edit_suggestion (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    target_type text NOT NULL CHECK (target_type IN ('question', 'answer', 'article')),
    target_id uuid NOT NULL,
    editor_id uuid NOT NULL,
    title text,
    body_source text NOT NULL,
    tags text[],
    summary text NOT NULL DEFAULT '',
    base_number int NOT NULL,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'rejected')),
    created_at timestamptz(3) NOT NULL,
    decided_by uuid,
    decided_at timestamptz(3)
  );
  CREATE UNIQUE INDEX edit_suggestion_pending ON edit_suggestion (target_id) WHERE status = 'pending';
  CREATE INDEX edit_suggestion_waiting ON edit_suggestion (community_id, created_at, id) WHERE status = 'pending';

  CREATE TABLE idempotency_key (
    account_id uuid NOT NULL,
    key text NOT NULL,
    operation text NOT NULL,
    request_hash text NOT NULL,
    result_id uuid NOT NULL,
    created_at timestamptz(3) NOT NULL,
    PRIMARY KEY (account_id, key)
  );`;
