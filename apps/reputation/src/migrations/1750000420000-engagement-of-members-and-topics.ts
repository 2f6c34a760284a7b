import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What metrics by member, question and topic are counted from: when each member joined and first took part, what
 * was posted below what, and each day of each topic. Activity from before has neither parents nor tags: nobody
 * told them.
 */
export class EngagementOfMembersAndTopics1750000420000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(tables);
    await runner.query(known);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE engagement_orphan, engagement_topic_active, engagement_topic_day, engagement_post, engagement_member;
      DROP INDEX engagement_active_of_member;
      ALTER TABLE engagement_active DROP COLUMN did;
      ALTER TABLE activity_log DROP COLUMN tags, DROP COLUMN parent_id;`);
  }
}

const tables = `
  ALTER TABLE activity_log ADD parent_id text, ADD tags text[];
  -- What the member did on that day, as bits: see engagement/deeds.ts.
  ALTER TABLE engagement_active ADD did int NOT NULL DEFAULT 0;
  CREATE INDEX engagement_active_of_member ON engagement_active (community_id, member_id, day);

  CREATE TABLE engagement_member (
    community_id uuid NOT NULL,
    member_id uuid NOT NULL,
    joined_on date,
    first_day date,
    PRIMARY KEY (community_id, member_id)
  );
  CREATE INDEX engagement_member_joined ON engagement_member (community_id, joined_on);
  CREATE INDEX engagement_member_first ON engagement_member (community_id, first_day);

  CREATE TABLE engagement_post (
    community_id uuid NOT NULL,
    id text NOT NULL,
    type text NOT NULL,
    parent_id text,
    author_id uuid,
    posted_at timestamptz NOT NULL,
    tags text[],
    PRIMARY KEY (community_id, id)
  );
  CREATE INDEX engagement_post_in_time ON engagement_post (community_id, posted_at);
  CREATE INDEX engagement_post_below ON engagement_post (community_id, parent_id, posted_at) INCLUDE (author_id)
    WHERE type = 'answer';

  CREATE TABLE engagement_topic_day (
    community_id uuid NOT NULL,
    tag text NOT NULL,
    day date NOT NULL,
    active_members int NOT NULL,
    questions int NOT NULL,
    answers int NOT NULL,
    comments int NOT NULL,
    votes int NOT NULL,
    PRIMARY KEY (community_id, tag, day)
  ) WITH (fillfactor = 80);
  CREATE INDEX engagement_topic_day_of_day ON engagement_topic_day (community_id, day);

  CREATE TABLE engagement_topic_active (
    community_id uuid NOT NULL,
    tag text NOT NULL,
    day date NOT NULL,
    member_id uuid NOT NULL,
    did int NOT NULL,
    PRIMARY KEY (community_id, tag, day, member_id)
  );
  CREATE INDEX engagement_topic_active_of_day ON engagement_topic_active (community_id, day);

  -- Days with activity below a post that nobody has told of yet: counted again when it is.
  CREATE TABLE engagement_orphan (
    community_id uuid NOT NULL,
    missing_id text NOT NULL,
    day date NOT NULL,
    PRIMARY KEY (community_id, missing_id, day)
  );`;

const localDay = `(occurred_at AT TIME ZONE coalesce(time_zone, 'UTC'))::date`;

const known = `
  INSERT INTO engagement_post (community_id, id, type, author_id, posted_at)
  SELECT community_id, subject_id, subject_type, actor_id, occurred_at FROM activity_log
  WHERE kind IN ('question-asked', 'answer-posted', 'comment-posted', 'article-published');

  INSERT INTO engagement_member (community_id, member_id, joined_on, first_day)
  SELECT community_id, actor_id, min(day) FILTER (WHERE kind = 'member-joined'), min(day) FILTER (WHERE kind <> 'member-joined')
  FROM (SELECT log.*, ${localDay} AS day FROM activity_log AS log LEFT JOIN community ON community.id = community_id) AS log
  WHERE actor_id IS NOT NULL GROUP BY community_id, actor_id;

  UPDATE engagement_active AS active SET did = known.did FROM (
    SELECT community_id, actor_id, day, bit_or(CASE kind WHEN 'question-asked' THEN 1 WHEN 'answer-posted' THEN 2
      WHEN 'comment-posted' THEN 4 WHEN 'article-published' THEN 8 WHEN 'vote' THEN 16 ELSE 32 END) AS did
    FROM (SELECT log.*, ${localDay} AS day FROM activity_log AS log LEFT JOIN community ON community.id = community_id) AS log
    WHERE actor_id IS NOT NULL AND kind <> 'member-joined' GROUP BY community_id, actor_id, day
  ) AS known
  WHERE active.community_id = known.community_id AND active.member_id = known.actor_id AND active.day = known.day;`;
