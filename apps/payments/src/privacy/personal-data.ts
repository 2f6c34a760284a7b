import { personalDataOf, type PersonalTable } from '@lyceum/platform';

/*
 * Money that moved stays on the books, as the law wants it, under ids that name nobody once identity has erased the
 * account. What is free text, secret or a provider's own words goes.
 */

const onTheBooks = {
  kind: 'keep',
  because: 'money that moved stays on the books, by ids',
} as const;
const ofCatalogue = { kind: 'keep', because: "the catalogue is the community's" } as const;
const ownOrders = 'SELECT id FROM sales_order WHERE buyer_id = $1';
const ownPayments = `SELECT p.id::text FROM payment AS p JOIN sales_order AS o ON o.id = p.order_id WHERE o.buyer_id = $1`;
const ownRefunds = `SELECT r.id::text FROM refund AS r JOIN sales_order AS o ON o.id = r.order_id WHERE o.buyer_id = $1`;

/** Everything payments holds about a person; a test fails when a table is missing here. */
export const personalTables: readonly PersonalTable[] = [
  {
    table: 'sales_order',
    isAbout: 't.buyer_id = $1 OR t.referrer_id = ANY($2) OR t.referrer_id = $1',
    onErasure: onTheBooks,
  },
  {
    table: 'order_line',
    isAbout: `t.order_id IN (${ownOrders}) OR t.earner_id = ANY($2) OR t.earner_id = $1`,
    key: `t.order_id::text || '-' || t.number`,
    onErasure: onTheBooks,
  },
  {
    table: 'order_credit',
    isAbout: `t.order_id IN (${ownOrders}) OR t.owner_id = $1 OR t.owner_id = ANY($2)`,
    key: `t.order_id::text || '-' || t.number`,
    onErasure: onTheBooks,
  },
  {
    table: 'payment',
    isAbout: `t.order_id IN (${ownOrders})`,
    onErasure: { kind: 'clear', set: 'payment_url = NULL' },
  },
  {
    table: 'refund',
    isAbout: `t.order_id IN (${ownOrders}) OR t.requested_by = $1`,
    onErasure: { kind: 'clear', set: `reason = '', problem = NULL` },
  },
  {
    table: 'dispute',
    isAbout: `t.order_id IN (${ownOrders})`,
    onErasure: { kind: 'clear', set: `reason = ''` },
  },
  {
    table: 'provider_webhook',
    isAbout: `t.notice->>'paymentId' IN (${ownPayments}) OR t.notice->>'refundId' IN (${ownRefunds})`,
    onErasure: { kind: 'clear', set: `raw_body = '', problem = NULL` },
  },
  {
    table: 'coupon_use',
    isAbout: `t.order_id IN (${ownOrders})`,
    key: 't.order_id::text',
    onErasure: {
      kind: 'keep',
      because: 'a coupon is used so many times a person; keys are digests',
    },
  },
  {
    table: 'entitlement',
    isAbout: 't.account_id = $1',
    onErasure: { kind: 'keep', because: 'it says what was paid for, by ids' },
  },
  {
    // Without a way to pay, what would be renewed ends by itself.
    table: 'payment_method',
    isAbout: 't.account_id = $1',
    leftOut: ['token', 'fingerprint'],
    onErasure: { kind: 'delete' },
  },
  {
    table: 'sponsor',
    isAbout: 't.account_id = $1',
    onErasure: { kind: 'delete' },
  },
  {
    table: 'ad_placement',
    isAbout: 't.account_id = $1',
    onErasure: {
      kind: 'clear',
      set: `advertiser = '', title = '', text = '', url = '', topics = '{}', is_frozen = true`,
    },
  },
  {
    // Who saw what is known by a digest of one day; whose post it was on is on the books.
    table: 'ad_event',
    isAbout: 't.author_id = ANY($2)',
    key: `t.view_id::text || '-' || t.kind`,
    leftOut: ['viewer'],
    onErasure: { kind: 'keep', because: 'it says by ids on whose post something was shown' },
  },
  {
    table: 'payment_method_setup',
    isAbout: 't.account_id = $1',
    onErasure: { kind: 'delete' },
  },
  {
    table: 'tip',
    isAbout: 't.tipper_id = ANY($2) OR t.author_id = ANY($2)',
    onErasure: {
      kind: 'clear',
      set: 'message = CASE WHEN tipper_id = ANY($2) THEN NULL ELSE message END',
    },
  },
  {
    table: 'authored_content',
    isAbout: 't.author_id = ANY($2)',
    key: 't.content_id::text',
    onErasure: { kind: 'keep', because: 'it says by ids whose a tipped post is' },
  },
  {
    table: 'payout',
    isAbout: 't.member_id = ANY($2) OR t.decided_by_id = ANY($2)',
    onErasure: onTheBooks,
  },
  {
    table: 'prize_funding',
    isAbout: 't.member_id = ANY($2)',
    onErasure: onTheBooks,
  },
  { table: 'prize', isAbout: 't.member_id = ANY($2)', onErasure: onTheBooks },
  {
    table: 'booking',
    isAbout:
      't.buyer_id = $1 OR t.consultant_account_id = $1 OR t.consultant_id = ANY($2) OR t.buyer_member_id = ANY($2)',
    onErasure: { kind: 'clear', set: `note = CASE WHEN buyer_id = $1 THEN '' ELSE note END` },
  },
  { table: 'seat_pack', isAbout: 't.owner_id = $1', onErasure: onTheBooks },
  {
    // Whoever bought it gives it to somebody else; what was held is known by ids alone.
    table: 'seat',
    isAbout: 't.holder_id = $1 OR t.holder_member_id = ANY($2)',
    leftOut: ['code_hash'],
    onErasure: { kind: 'keep', because: 'it says by ids who has a seat that somebody paid for' },
  },
  {
    table: 'gift',
    isAbout:
      't.giver_id = $1 OR t.recipient_id = $1 OR t.giver_member_id = ANY($2) OR t.recipient_member_id = ANY($2)',
    leftOut: ['code_hash'],
    onErasure: { kind: 'clear', set: `message = '', code_hash = NULL` },
  },
  {
    table: 'commission',
    isAbout:
      't.client_id = $1 OR t.creator_account_id = $1 OR t.client_member_id = ANY($2) OR t.creator_id = ANY($2)',
    onErasure: {
      kind: 'clear',
      set: `title = CASE WHEN client_id = $1 THEN '-' ELSE title END, brief = CASE WHEN client_id = $1 THEN '' ELSE brief END,
        objection = CASE WHEN client_id = $1 THEN '' ELSE objection END,
        delivery = CASE WHEN creator_account_id = $1 THEN '' ELSE delivery END`,
    },
  },
  {
    table: 'consulting_hours',
    isAbout: 't.consultant_account_id = $1 OR t.consultant_id = ANY($2)',
    key: 't.product_id::text',
    onErasure: { kind: 'delete' },
  },
  { table: 'subscription', isAbout: 't.account_id = $1', onErasure: onTheBooks },
  {
    table: 'subscription_invoice',
    isAbout: 't.subscription_id IN (SELECT id FROM subscription WHERE account_id = $1)',
    onErasure: onTheBooks,
  },
  {
    table: 'trial_use',
    isAbout: 't.subscription_id IN (SELECT id FROM subscription WHERE account_id = $1)',
    key: 't.subscription_id::text',
    leftOut: ['customer_key'],
    onErasure: { kind: 'keep', because: 'a trial is had once; who had it is kept as a digest' },
  },
  {
    table: 'referral',
    isAbout: 't.buyer_member_id = ANY($2) OR t.referrer_id = ANY($2)',
    key: 't.buyer_member_id::text',
    onErasure: { kind: 'keep', because: 'it holds ids; what was shared by it is on the books' },
  },
  {
    table: 'webhook_endpoint',
    isAbout: 't.created_by_id = ANY($2)',
    leftOut: ['secret'],
    onErasure: { kind: 'keep', because: 'it tells the systems of the community' },
  },
  {
    table: 'ledger_account',
    isAbout: 't.owner_id = $1 OR t.owner_id = ANY($2)',
    onErasure: onTheBooks,
  },
  {
    table: 'command_key',
    isAbout: 't.account_id = $1',
    key: 't.key',
    leftOut: ['request_hash'],
    onErasure: { kind: 'delete' },
  },
  {
    table: 'membership',
    isAbout: 't.account_id = $1',
    key: 't.member_id::text',
    onErasure: { kind: 'keep', because: 'it holds ids, a role and a status; identity ends it' },
  },
  {
    table: 'product',
    isAbout: 't.created_by_id = ANY($2) OR t.earner_id = ANY($2)',
    onErasure: ofCatalogue,
  },
  {
    table: 'product_version',
    isAbout: 't.created_by_id = ANY($2)',
    key: `t.product_id::text || '-' || t.number`,
    onErasure: ofCatalogue,
  },
  {
    table: 'paid_article',
    isAbout: 't.author_id = ANY($2)',
    key: 't.article_id::text',
    onErasure: ofCatalogue,
  },
  { table: 'split_table', isAbout: 't.created_by_id = ANY($2)', onErasure: ofCatalogue },
  {
    table: 'webhook_endpoint',
    isAbout: 't.created_by_id = ANY($2)',
    leftOut: ['secret'],
    onErasure: { kind: 'keep', because: "it is the community's, and has the id of who made it" },
  },
  { table: 'coupon', isAbout: 't.created_by_id = ANY($2)', onErasure: ofCatalogue },
  { table: 'campaign', isAbout: 't.created_by_id = ANY($2)', onErasure: ofCatalogue },
  {
    table: 'product_cost',
    isAbout: 't.recorded_by_id = ANY($2)',
    onErasure: { kind: 'keep', because: 'what a product cost is on the books of the community' },
  },
];

/** Columns that end like a person's but name accounts of the ledger. */
export const notPersonal = ['ledger_entry.account_id', 'ledger_hot_delta.account_id'] as const;

export const personalData = personalDataOf({
  part: 'payments',
  destination: 'payments',
  tables: personalTables,
});
