import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who supports a community and is named for it; and what somebody pays to have shown beside its posts. */
export class SponsorsAndAds1750000352000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`SET LOCAL lock_timeout = '5s'`);
    await runner.query(sponsors);
    await runner.query(placements);
    await runner.query(events);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE ad_secret, ad_day, ad_event, ad_placement, sponsor, sponsor_tier',
    );
  }
}

const sponsors = `
  CREATE TABLE sponsor_tier (
    product_id uuid PRIMARY KEY REFERENCES product (id),
    term_days int NOT NULL CHECK (term_days BETWEEN 1 AND 730),
    rank int NOT NULL CHECK (rank BETWEEN 1 AND 100)
  );

  CREATE TABLE sponsor (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    account_id uuid NOT NULL,
    name text NOT NULL CHECK (char_length(name) <= 80),
    url text NOT NULL,
    logo_url text,
    status text NOT NULL CHECK (status IN ('in-review', 'shown', 'refused')),
    created_at timestamptz(3) NOT NULL,
    CONSTRAINT sponsor_once UNIQUE (community_id, account_id)
  );`;

// Costs are in thousandths of a minor unit, so that a thousand impressions cost exactly what they are offered for.
const placements = `
  CREATE TABLE ad_placement (
    id uuid PRIMARY KEY,
    community_id uuid NOT NULL,
    account_id uuid NOT NULL,
    order_id uuid NOT NULL REFERENCES sales_order (id),
    status text NOT NULL CHECK (status IN ('awaiting-payment', 'in-review', 'running', 'refused', 'ended')),
    is_frozen boolean NOT NULL DEFAULT false,
    advertiser text NOT NULL CHECK (char_length(advertiser) <= 80),
    title text NOT NULL CHECK (char_length(title) <= 80),
    text text NOT NULL CHECK (char_length(text) <= 200),
    url text NOT NULL,
    topics text[] NOT NULL,
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    budget_minor bigint NOT NULL CHECK (budget_minor >= 0),
    impression_milli bigint NOT NULL CHECK (impression_milli >= 0),
    click_milli bigint NOT NULL CHECK (click_milli >= 0),
    viewer_cap int NOT NULL CHECK (viewer_cap BETWEEN 1 AND 20),
    starts_at timestamptz(3) NOT NULL,
    ends_at timestamptz(3) NOT NULL,
    charged_minor bigint NOT NULL DEFAULT 0 CHECK (charged_minor >= 0),
    carried_milli int NOT NULL DEFAULT 0 CHECK (carried_milli BETWEEN 0 AND 999),
    movements int NOT NULL DEFAULT 0,
    created_at timestamptz(3) NOT NULL,
    CONSTRAINT ad_placement_costs CHECK (impression_milli + click_milli > 0),
    CONSTRAINT ad_placement_term CHECK (ends_at > starts_at),
    CONSTRAINT ad_placement_within_budget CHECK (charged_minor <= budget_minor)
  ) WITH (fillfactor = 70);
  CREATE INDEX ad_placement_running ON ad_placement (community_id) WHERE status = 'running';
  CREATE INDEX ad_placement_of_community ON ad_placement (community_id, id);
  CREATE INDEX ad_placement_of_account ON ad_placement (account_id, id);
  CREATE INDEX ad_placement_of_order ON ad_placement (order_id);`;

// A viewer is known by a digest that changes each day: enough for the cap, and nothing to follow anybody by.
const events = `
  CREATE TABLE ad_event (
    view_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('impression', 'click')),
    placement_id uuid NOT NULL REFERENCES ad_placement (id),
    author_id uuid,
    viewer text NOT NULL,
    day date NOT NULL,
    audience text NOT NULL CHECK (audience IN ('reader', 'self', 'crawler')),
    received_at timestamptz(3) NOT NULL,
    outcome text CHECK (outcome IN ('counted', 'self', 'crawler', 'capped', 'over-budget')),
    PRIMARY KEY (view_id, kind)
  );
  CREATE INDEX ad_event_to_judge ON ad_event (placement_id, received_at, view_id, kind) WHERE outcome IS NULL;
  CREATE INDEX ad_event_counted ON ad_event (placement_id, day, viewer, kind) WHERE outcome = 'counted';
  CREATE INDEX ad_event_age ON ad_event (received_at);

  CREATE TABLE ad_day (
    placement_id uuid NOT NULL REFERENCES ad_placement (id),
    day date NOT NULL,
    impressions bigint NOT NULL DEFAULT 0,
    clicks bigint NOT NULL DEFAULT 0,
    self_views bigint NOT NULL DEFAULT 0,
    crawler_views bigint NOT NULL DEFAULT 0,
    capped bigint NOT NULL DEFAULT 0,
    over_budget bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (placement_id, day)
  );

  CREATE TABLE ad_secret (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    secret text NOT NULL
  );
  INSERT INTO ad_secret (secret)
    VALUES (encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'base64'));`;
