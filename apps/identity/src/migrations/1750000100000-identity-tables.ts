import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts and their sessions, communities and their members. */
export class IdentityTables1750000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(accountTables);
    await runner.query(communityTables);
    await runner.query(memberCountTriggers);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE member, community, refresh_token, session, account;
      DROP FUNCTION count_members();`);
  }
}

const accountTables = `
  CREATE TABLE account (
    id uuid PRIMARY KEY,
    handle text NOT NULL CHECK (handle ~ '^[A-Za-z0-9_-]{3,30}$'),
    display_name text NOT NULL CHECK (char_length(display_name) BETWEEN 1 AND 80),
    email text,
    password_hash text,
    bio text NOT NULL DEFAULT '',
    links text[] NOT NULL DEFAULT '{}',
    avatar_url text,
    locale text NOT NULL DEFAULT 'en',
    time_zone text NOT NULL DEFAULT 'UTC',
    imported_from text,
    created_at timestamptz(3) NOT NULL
  );
  CREATE UNIQUE INDEX account_handle ON account (lower(handle));
  CREATE UNIQUE INDEX account_email ON account (lower(email)) WHERE email IS NOT NULL;
  CREATE UNIQUE INDEX account_imported_from ON account (imported_from) WHERE imported_from IS NOT NULL;

  CREATE TABLE session (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at timestamptz(3) NOT NULL,
    expires_at timestamptz(3) NOT NULL,
    revoked_at timestamptz(3),
    revoked_because text CHECK (revoked_because IN ('logout', 'reuse'))
  );
  CREATE INDEX session_account ON session (account_id);
  CREATE INDEX session_expires ON session (expires_at);

  CREATE TABLE refresh_token (
    hash text PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    expires_at timestamptz(3) NOT NULL,
    used_at timestamptz(3),
    successor_salt text
  );
  CREATE INDEX refresh_token_session ON refresh_token (session_id);
  CREATE INDEX refresh_token_expires ON refresh_token (expires_at);`;

const communityTables = `
  CREATE TABLE community (
    id uuid PRIMARY KEY,
    slug text NOT NULL CHECK (slug ~ '^[a-z0-9-]{2,50}$'),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    description text NOT NULL DEFAULT '',
    time_zone text NOT NULL DEFAULT 'UTC',
    currency text NOT NULL DEFAULT 'USD',
    locale text NOT NULL DEFAULT 'en',
    visibility text NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'private')),
    member_count int NOT NULL DEFAULT 0,
    created_at timestamptz(3) NOT NULL
  );
  CREATE UNIQUE INDEX community_slug ON community (slug);
  CREATE INDEX community_largest ON community (member_count, id);

  CREATE TABLE member (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    community_id uuid NOT NULL REFERENCES community (id),
    role text NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'admin', 'moderator', 'member')),
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'left', 'banned')),
    joined_at timestamptz(3) NOT NULL,
    version int NOT NULL DEFAULT 1
  );
  CREATE UNIQUE INDEX member_account_community ON member (account_id, community_id);
  CREATE INDEX member_community_joined ON member (community_id, joined_at, id) WHERE status = 'active';
  CREATE INDEX member_account_joined ON member (account_id, joined_at, id) WHERE status = 'active';
  CREATE INDEX member_community_owner ON member (community_id) WHERE role = 'owner' AND status = 'active';`;

/*
 * community.member_count is right whoever writes members: a use case one, an import ten thousand. Once a
 * statement, not once a row; communities in the order of their ids, so that two imports cannot deadlock.
 */
const memberCountTriggers = `
  CREATE FUNCTION count_members() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    changes refcursor;
    change record;
  BEGIN
    CASE TG_OP
      WHEN 'INSERT' THEN OPEN changes FOR
        SELECT community_id, count(*) AS n FROM joined WHERE status = 'active' GROUP BY 1 ORDER BY 1;
      WHEN 'DELETE' THEN OPEN changes FOR
        SELECT community_id, -count(*) AS n FROM parted WHERE status = 'active' GROUP BY 1 ORDER BY 1;
      ELSE OPEN changes FOR
        SELECT community_id, sum(one) AS n FROM (
          SELECT community_id, 1 AS one FROM joined WHERE status = 'active'
          UNION ALL
          SELECT community_id, -1 FROM parted WHERE status = 'active'
        ) AS step GROUP BY 1 HAVING sum(one) <> 0 ORDER BY 1;
    END CASE;
    LOOP
      FETCH changes INTO change;
      EXIT WHEN NOT FOUND;
      UPDATE community SET member_count = member_count + change.n WHERE id = change.community_id;
    END LOOP;
    CLOSE changes;
    RETURN NULL;
  END $$;

  CREATE TRIGGER count_joined AFTER INSERT ON member
    REFERENCING NEW TABLE AS joined FOR EACH STATEMENT EXECUTE FUNCTION count_members();
  CREATE TRIGGER count_changed AFTER UPDATE ON member
    REFERENCING NEW TABLE AS joined OLD TABLE AS parted FOR EACH STATEMENT EXECUTE FUNCTION count_members();
  CREATE TRIGGER count_parted AFTER DELETE ON member
    REFERENCING OLD TABLE AS parted FOR EACH STATEMENT EXECUTE FUNCTION count_members();`;
