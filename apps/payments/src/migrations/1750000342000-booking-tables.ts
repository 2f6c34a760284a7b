import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Hours that members offer, and what was booked of them. */
export class BookingTables1750000342000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(moves);
    await runner.query(hours);
    await runner.query(bookings);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE booking, consulting_window, consulting_hours;
      DROP TYPE person_range;
      DELETE FROM state_move WHERE machine = 'booking';`);
  }
}

const moves = `
  INSERT INTO state_move (machine, from_state, to_state) VALUES
    ('booking', '', 'held'),
    ('booking', 'held', 'booked'), ('booking', 'held', 'given-up'),
    ('booking', 'given-up', 'booked'),
    ('booking', 'booked', 'completed'), ('booking', 'booked', 'canceled'), ('booking', 'booked', 'claimed'),
    ('booking', 'claimed', 'completed'), ('booking', 'claimed', 'canceled'), ('booking', 'claimed', 'contested'),
    ('booking', 'contested', 'completed'), ('booking', 'contested', 'canceled');`;

const terms = `
    free_hours int NOT NULL CHECK (free_hours >= part_hours),
    part_hours int NOT NULL CHECK (part_hours >= 0),
    part_basis_points int NOT NULL CHECK (part_basis_points BETWEEN 0 AND 10000),
    absent_basis_points int NOT NULL CHECK (absent_basis_points BETWEEN 0 AND 10000),
    confirm_days int NOT NULL CHECK (confirm_days BETWEEN 1 AND 30)`;

// Times of day are the consultant's own: an hour offered at 9 stays at 9 when clocks change.
const hours = `
  CREATE TABLE consulting_hours (
    product_id uuid PRIMARY KEY REFERENCES product (id),
    consultant_id uuid NOT NULL,
    consultant_account_id uuid NOT NULL,
    time_zone text NOT NULL,
    slot_minutes int NOT NULL CHECK (slot_minutes BETWEEN 10 AND 480),
    notice_hours int NOT NULL CHECK (notice_hours BETWEEN 0 AND 720),
    days_off date[] NOT NULL DEFAULT '{}',
    ${terms}
  );
  CREATE TABLE consulting_window (
    product_id uuid NOT NULL REFERENCES consulting_hours (product_id) ON DELETE CASCADE,
    weekday int NOT NULL CHECK (weekday BETWEEN 1 AND 7),
    from_minute int NOT NULL CHECK (from_minute >= 0),
    until_minute int NOT NULL CHECK (until_minute <= 1440),
    CHECK (from_minute < until_minute),
    PRIMARY KEY (product_id, weekday, from_minute)
  );`;

/*
 * Nobody is in two places at once: the constraint looks at accounts, so that one who consults in two communities, or
 * sells hours and half hours, is booked once. A range over uuid lets GiST compare them without an extension.
 */
const bookings = `
  CREATE TYPE person_range AS RANGE (subtype = uuid);

  CREATE TABLE booking (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL UNIQUE REFERENCES sales_order (id) DEFERRABLE INITIALLY DEFERRED,
    product_id uuid NOT NULL REFERENCES product (id),
    community_id uuid NOT NULL,
    consultant_id uuid NOT NULL,
    consultant_account_id uuid NOT NULL,
    buyer_id uuid NOT NULL,
    buyer_member_id uuid,
    starts_at timestamptz(3) NOT NULL,
    ends_at timestamptz(3) NOT NULL,
    status text NOT NULL,
    note text NOT NULL DEFAULT '' CHECK (char_length(note) <= 500),
    absent text CHECK (absent IN ('buyer', 'consultant')),
    due_at timestamptz(3),
    outcome text,
    created_at timestamptz(3) NOT NULL,
    ended_at timestamptz(3),
    ${terms},
    CHECK (ends_at > starts_at),
    CONSTRAINT booking_absent CHECK (status NOT IN ('claimed', 'contested') OR absent IS NOT NULL),
    CONSTRAINT booking_due_at CHECK ((due_at IS NOT NULL) = (status IN ('booked', 'claimed'))),
    CONSTRAINT booking_once EXCLUDE USING gist (
      person_range(consultant_account_id, consultant_account_id, '[]') WITH &&,
      tstzrange(starts_at, ends_at) WITH &&
    ) WHERE (status NOT IN ('given-up', 'canceled'))
  );
  CREATE INDEX booking_of_buyer ON booking (buyer_id, id);
  CREATE INDEX booking_of_consultant ON booking (consultant_account_id, id);
  CREATE INDEX booking_due ON booking (due_at) WHERE due_at IS NOT NULL;
  CREATE TRIGGER booking_moves BEFORE INSERT OR UPDATE OF status ON booking
    FOR EACH ROW EXECUTE FUNCTION refuse_illegal_move('booking');`;
