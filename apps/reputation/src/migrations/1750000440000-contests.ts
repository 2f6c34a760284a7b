import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Contests: their states, who may enter, judge and vote when, and that prizes never exceed the pool. */
export class Contests1750000440000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(contests);
    await runner.query(entries);
    await runner.query(judging);
    await runner.query(prizes);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE contest_prize, contest_vote, contest_score, contest_juror, contest_entry, contest_quiz_key, contest;
      DROP FUNCTION contest_moves(), contest_of_entrants(), contest_of_judges(), contest_pays();`);
  }
}

const contests = `
  CREATE TABLE contest (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('content', 'coding', 'quiz')),
    title text NOT NULL,
    description text NOT NULL,
    status text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'open', 'judging', 'decided', 'cancelled')),
    version int NOT NULL DEFAULT 1,
    opens_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    decides_at timestamptz NOT NULL,
    entries_per_member int NOT NULL CHECK (entries_per_member BETWEEN 1 AND 20),
    votes_per_member int NOT NULL CHECK (votes_per_member BETWEEN 0 AND 100),
    criteria jsonb NOT NULL,
    jury_weight int NOT NULL CHECK (jury_weight >= 0),
    votes_weight int NOT NULL CHECK (votes_weight >= 0),
    questions jsonb NOT NULL,
    shares jsonb NOT NULL,
    stake int NOT NULL CHECK (stake >= 0),
    -- Points, or minor units of the currency: what the owners gave, what entrants staked, what was won.
    currency text,
    budget bigint NOT NULL CHECK (budget >= 0),
    staked bigint NOT NULL DEFAULT 0 CHECK (staked >= 0),
    paid bigint NOT NULL DEFAULT 0,
    pool_version int NOT NULL DEFAULT 0,
    announced_at timestamptz,
    ended_at timestamptz,
    cancelled_because text,
    created_by uuid NOT NULL,
    CONSTRAINT contest_times CHECK (opens_at < closes_at AND closes_at <= decides_at),
    CONSTRAINT contest_weighs CHECK (kind = 'quiz' OR jury_weight + votes_weight > 0),
    CONSTRAINT contest_stakes_points CHECK (stake = 0 OR currency IS NULL),
    CONSTRAINT contest_pays_what_it_has CHECK (paid BETWEEN 0 AND budget + staked)
  );
  CREATE INDEX contest_of_community ON contest (community_id, id);
  CREATE INDEX contest_due ON contest (status, id) WHERE status IN ('draft', 'open', 'judging');

  -- Beside the contest, so that nothing that reads contests reads it by chance.
  CREATE TABLE contest_quiz_key (
    contest_id uuid PRIMARY KEY REFERENCES contest,
    answers jsonb NOT NULL
  );

  CREATE FUNCTION contest_moves() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (('draft', 'open'), ('draft', 'cancelled'),
      ('open', 'judging'), ('open', 'cancelled'), ('judging', 'decided'), ('judging', 'cancelled')) THEN
      RAISE EXCEPTION 'contest % cannot move from % to %', NEW.id, OLD.status, NEW.status
        USING ERRCODE = 'check_violation', CONSTRAINT = 'contest_moves';
    END IF;
    IF OLD.announced_at IS NOT NULL AND (OLD.kind, OLD.opens_at, OLD.closes_at, OLD.decides_at, OLD.entries_per_member,
      OLD.votes_per_member, OLD.criteria, OLD.jury_weight, OLD.votes_weight, OLD.questions, OLD.shares, OLD.stake,
      OLD.currency) IS DISTINCT FROM (NEW.kind, NEW.opens_at, NEW.closes_at, NEW.decides_at, NEW.entries_per_member,
      NEW.votes_per_member, NEW.criteria, NEW.jury_weight, NEW.votes_weight, NEW.questions, NEW.shares, NEW.stake,
      NEW.currency) THEN
      RAISE EXCEPTION 'the terms of contest % stand since it was announced', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'contest_terms';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER contest_moves BEFORE UPDATE ON contest FOR EACH ROW EXECUTE FUNCTION contest_moves();`;

const entries = `
  CREATE TABLE contest_entry (
    id uuid PRIMARY KEY,
    contest_id uuid NOT NULL REFERENCES contest,
    member_id uuid NOT NULL,
    number int NOT NULL,
    title text NOT NULL,
    body text,
    link text,
    post_type text,
    post_id text,
    answers jsonb,
    stake int NOT NULL,
    submitted_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    removed_because text,
    idempotency_key text,
    place int,
    total int,
    why jsonb,
    UNIQUE (contest_id, member_id, idempotency_key)
  );
  CREATE UNIQUE INDEX contest_entry_of_member ON contest_entry (contest_id, member_id, number) WHERE withdrawn_at IS NULL;
  CREATE INDEX contest_entry_in_order ON contest_entry (contest_id, id);
  CREATE INDEX contest_entry_by_member ON contest_entry (member_id);

  CREATE TABLE contest_juror (
    contest_id uuid NOT NULL REFERENCES contest,
    member_id uuid NOT NULL,
    PRIMARY KEY (contest_id, member_id)
  );
  CREATE INDEX contest_juror_by_member ON contest_juror (member_id);

  -- Both lock the contest: an entrant cannot become a juror while it enters.
  CREATE FUNCTION contest_of_entrants() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    one contest;
  BEGIN
    SELECT * INTO one FROM contest WHERE id = NEW.contest_id FOR NO KEY UPDATE;
    IF TG_TABLE_NAME = 'contest_juror' THEN
      IF EXISTS (SELECT FROM contest_entry WHERE contest_id = NEW.contest_id AND member_id = NEW.member_id
        AND withdrawn_at IS NULL) THEN
        RAISE EXCEPTION 'an entrant is no juror' USING ERRCODE = 'check_violation', CONSTRAINT = 'contest_parts';
      END IF;
    ELSIF one.status <> 'open' OR NEW.number NOT BETWEEN 1 AND one.entries_per_member THEN
      RAISE EXCEPTION 'contest % takes no such entry', NEW.contest_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'contest_is_open';
    ELSIF EXISTS (SELECT FROM contest_juror WHERE contest_id = NEW.contest_id AND member_id = NEW.member_id) THEN
      RAISE EXCEPTION 'a juror is no entrant' USING ERRCODE = 'check_violation', CONSTRAINT = 'contest_parts';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER contest_of_entrants BEFORE INSERT ON contest_entry
    FOR EACH ROW EXECUTE FUNCTION contest_of_entrants();
  CREATE TRIGGER contest_of_entrants BEFORE INSERT ON contest_juror
    FOR EACH ROW EXECUTE FUNCTION contest_of_entrants();`;

const judging = `
  CREATE TABLE contest_score (
    entry_id uuid NOT NULL REFERENCES contest_entry,
    juror_id uuid NOT NULL,
    criterion text NOT NULL,
    contest_id uuid NOT NULL,
    score int NOT NULL CHECK (score BETWEEN 0 AND 10),
    PRIMARY KEY (entry_id, juror_id, criterion)
  );
  CREATE INDEX contest_score_of_contest ON contest_score (contest_id);
  CREATE INDEX contest_score_by_juror ON contest_score (juror_id);

  CREATE TABLE contest_vote (
    entry_id uuid NOT NULL REFERENCES contest_entry,
    voter_id uuid NOT NULL,
    contest_id uuid NOT NULL,
    PRIMARY KEY (entry_id, voter_id)
  );
  CREATE INDEX contest_vote_of_voter ON contest_vote (contest_id, voter_id);
  CREATE INDEX contest_vote_by_voter ON contest_vote (voter_id);

  -- Only while the contest is judged; nobody judges what is their own, and who judges is a juror.
  CREATE FUNCTION contest_of_judges() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    judge uuid := CASE TG_TABLE_NAME WHEN 'contest_vote' THEN (to_jsonb(NEW) ->> 'voter_id')::uuid
      ELSE (to_jsonb(NEW) ->> 'juror_id')::uuid END;
  BEGIN
    PERFORM FROM contest_entry AS entry JOIN contest ON contest.id = entry.contest_id
    WHERE entry.id = NEW.entry_id AND contest.id = NEW.contest_id AND contest.status = 'judging'
      AND entry.member_id <> judge AND entry.withdrawn_at IS NULL
      AND (TG_TABLE_NAME = 'contest_vote' OR EXISTS (SELECT FROM contest_juror
        WHERE contest_id = contest.id AND member_id = judge))
    FOR SHARE OF contest;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'entry % is not judged by that member now', NEW.entry_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'contest_is_judged';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER contest_of_judges BEFORE INSERT OR UPDATE ON contest_score
    FOR EACH ROW EXECUTE FUNCTION contest_of_judges();
  CREATE TRIGGER contest_of_judges BEFORE INSERT OR UPDATE ON contest_vote
    FOR EACH ROW EXECUTE FUNCTION contest_of_judges();`;

const prizes = `
  CREATE TABLE contest_prize (
    id uuid PRIMARY KEY,
    contest_id uuid NOT NULL REFERENCES contest,
    entry_id uuid NOT NULL UNIQUE REFERENCES contest_entry,
    member_id uuid NOT NULL,
    place int NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    paid_at timestamptz,
    UNIQUE (contest_id, member_id),
    UNIQUE (contest_id, place)
  );
  CREATE INDEX contest_prize_of_member ON contest_prize (member_id);

  -- The contest's own check then refuses what its pool does not have, whoever writes prizes at once.
  CREATE FUNCTION contest_pays() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE contest SET paid = paid + NEW.amount WHERE id = NEW.contest_id AND status = 'judging';
    IF NOT FOUND THEN
      RAISE EXCEPTION 'contest % gives no prizes now', NEW.contest_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'contest_is_judged';
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER contest_pays AFTER INSERT ON contest_prize FOR EACH ROW EXECUTE FUNCTION contest_pays();
  CREATE TRIGGER append_only BEFORE DELETE ON contest_prize FOR EACH ROW EXECUTE FUNCTION refuse_change();`;
