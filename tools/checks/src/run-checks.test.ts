import { newId } from '@lyceum/contracts';
import { database as content } from '@lyceum/content/app';
import { database as identity } from '@lyceum/identity/app';
import { database as payments } from '@lyceum/payments/app';
import { database as reputation } from '@lyceum/reputation/app';
import { testDatabase, type TestDatabase } from '@lyceum/testing';
import type { DataSource } from 'typeorm';
import { databaseNames, type Check, type DatabaseName, type Findings } from './check';
import { allChecks, runChecks, type Databases } from './run-checks';

/*
 * Each invariant is broken as somebody with the superuser's rights could break it, past all triggers and
 * foreign keys; its check must then name the row.
 */

const [row, other, third] = [newId(), newId(), newId()];

const community = `INSERT INTO community (id, slug, name, created_at, member_count) VALUES`;
const question = `INSERT INTO question (id, community_id, title, body_html, created_at, last_activity_at, heat, accepted_answer_id, score, answer_count, comment_count, favourite_count)`;
const aQuestion = (columns: Record<string, string> = {}) => {
  const value = (name: string, fallback = '0') => columns[name] ?? fallback;
  return `${question} VALUES ('${row}', '${other}', 't', 'b', now(), now(), 0, ${value('accepted', 'NULL')}, ${value('score')}, ${value('answers')}, ${value('comments')}, ${value('favourites')});
    UPDATE question SET heat = ${value('heat', 'question_heat(score, answer_count, created_at)')};`;
};
const aTransfer = `INSERT INTO ledger_transfer VALUES ('${row}', 'k', 'x', '', now());`;
const anAccount = (balance: bigint) =>
  `INSERT INTO ledger_account (id, code, currency, is_hot, balance) VALUES ('${other}', 'x', 'CNY', false, ${balance.toString()});`;
const entry = (line: number, amount: bigint) =>
  `INSERT INTO ledger_entry VALUES ('${row}', ${String(line)}, '${other}', ${amount.toString()}, 'CNY');`;
const aPointEntry = `INSERT INTO point_entry (id, community_id, member_id, kind, rule, rule_set_version, activity_id, occurred_at, nominal, allowed, points)
  VALUES ('${third}', '${other}', '${row}', 'award', 'r', 1, '${third}', '2026-01-02T00:00:00Z', 5, 5, 5);`;

const outboxRow = `INSERT INTO outbox (destination, event_id, type, occurred_at, request_id, payload, created_at)
  VALUES ('content', '${row}', 'x.y.z.v1', now(), 'r', '{}', now() - interval '2 minutes')`;
const deadLetter = `INSERT INTO dead_letter VALUES ('some.consumer', '${row}', '{"type": "x.y.z.v1"}', E'Error: no\\n at x')`;

const anOrder = (columns: Record<string, string> = {}) => {
  const values: Record<string, string> = {
    id: `'${row}'`,
    community_id: `'${other}'`,
    buyer_id: `'${third}'`,
    status: `'paid'`,
    currency: `'CNY'`,
    list_minor: '10',
    total_minor: '10',
    refund_window_days: '0',
    refund_ends_access: 'true',
    created_at: 'now()',
    expires_at: 'now()',
    paid_at: 'now()',
    ...columns,
  };
  return `INSERT INTO sales_order (${Object.keys(values).join()}) VALUES (${Object.values(values).join()});`;
};

const aCoupon = `INSERT INTO coupon (id, community_id, code, code_key, kind, basis_points, duration, max_uses, created_by_id, created_at)
  VALUES ('${row}', '${other}', 'c', 'c', 'percent', 100, 'once', 1, '${other}', now());`;
const aUse = (orderId: string) =>
  `INSERT INTO coupon_use VALUES ('${orderId}', '${row}', '{"account ${orderId}"}', 1, 'CNY', now());`;

const anInvoice = (id: string, status: 'open' | 'paid') =>
  `INSERT INTO subscription_invoice (id, subscription_id, kind, status, product_id, price_id, period_start, period_end,
     lines, total_minor, currency, created_at, paid_at)
   VALUES ('${id}', '${other}', 'period', '${status}', '${third}', '${third}', now(), now() + interval '30 days', '[]', 5,
     'CNY', now(), ${status === 'paid' ? 'now()' : 'NULL'});`;

const breakages: Readonly<Record<string, readonly [sql: string, problem: string]>> = {
  'identity.outbox-is-young': [outboxRow, 'x.y.z.v1 to content waits since'],
  'content.outbox-is-young': [outboxRow, 'waits since'],
  'payments.outbox-is-young': [outboxRow, 'waits since'],
  'reputation.outbox-is-young': [outboxRow, 'waits since'],
  'identity.no-dead-letters': [deadLetter, 'x.y.z.v1: Error: no'],
  'content.no-dead-letters': [deadLetter, 'Error: no'],
  'payments.no-dead-letters': [deadLetter, 'Error: no'],
  'reputation.no-dead-letters': [deadLetter, 'Error: no'],
  'community.member-count': [
    `${community} ('${row}', 'rust', 'Rust', now(), 3)`,
    'member_count is 3, counted 0',
  ],
  'audit.chain-is-whole': [
    `INSERT INTO audit_entry (chain, position, id, occurred_at, actor_kind, action, subject_type, subject_id, request_id, previous_hash, hash)
     VALUES ('${other}', 1, '${row}', now(), 'user', 'member.banned', 'Member', 'x', 'r', 'x', 'x')`,
    'its hash is another',
  ],
  'refresh-token.single-use': [
    `INSERT INTO refresh_token (hash, session_id, expires_at) VALUES ('a', '${row}', now()), ('b', '${row}', now())`,
    '2 unused refresh tokens',
  ],
  'question.answer-count': [aQuestion({ answers: '2' }), 'answer_count is 2, counted 0'],
  'question.favourite-count': [aQuestion({ favourites: '1' }), 'favourite_count is 1, counted 0'],
  'question.comment-count': [aQuestion({ comments: '1' }), 'comment_count is 1, counted 0'],
  'question.score': [aQuestion({ score: '-4' }), 'score is -4, counted 0'],
  'question.heat': [
    aQuestion({ heat: 'heat' }) +
      'ALTER TABLE question DISABLE TRIGGER question_heat; UPDATE question SET heat = 1; ALTER TABLE question ENABLE TRIGGER question_heat',
    'heat is 1, should be',
  ],
  'question.accepted-answer': [aQuestion({ accepted: `'${third}'` }), 'is not among its answers'],
  'answer.comment-count': [
    `INSERT INTO answer (id, community_id, question_id, body_html, created_at, comment_count) VALUES ('${row}', '${other}', '${third}', '', now(), 1)`,
    'counted 0',
  ],
  'answer.score': [
    `INSERT INTO answer (id, community_id, question_id, body_html, created_at) VALUES ('${row}', '${other}', '${third}', '', now());
     INSERT INTO vote (id, community_id, target_type, target_id, value, created_at) VALUES ('${third}', '${other}', 'answer', '${row}', 1, now())`,
    'score is 0, counted 1',
  ],
  'article.comment-count': [
    `INSERT INTO article (id, community_id, title, body_html, created_at, comment_count) VALUES ('${row}', '${other}', 't', '', now(), 1)`,
    'counted 0',
  ],
  'article.score': [
    `INSERT INTO article (id, community_id, title, body_html, created_at, score) VALUES ('${row}', '${other}', 't', '', now(), 1)`,
    'score is 1, counted 0',
  ],
  'comment.score': [
    `INSERT INTO comment (id, community_id, target_type, target_id, body_html, created_at, score) VALUES ('${row}', '${other}', 'answer', '${third}', '', now(), 1)`,
    'score is 1, counted 0',
  ],
  'tag.question-count': [
    `INSERT INTO tag (id, community_id, name, question_count, created_at) VALUES ('${row}', '${other}', 'rust', 7, now())`,
    'question_count is 7, counted 0',
  ],
  'ledger.sums-to-zero': [
    aTransfer + anAccount(1n) + entry(0, 3n) + entry(1, -2n),
    'CNY sums to 1',
  ],
  'ledger.two-sides': [aTransfer, '0 entries'],
  'ledger.balance-is-sum': [
    `INSERT INTO ledger_account (id, code, currency, is_hot, balance) VALUES ('${row}', 'tips', 'CNY', false, 5)`,
    'tips CNY: balance 5, entries sum to 0',
  ],
  'ledger.above-floor': [
    `ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_floor;
     INSERT INTO ledger_account (id, code, currency, is_hot, balance, floor) VALUES ('${row}', 'tips', 'CNY', false, -5, 0)`,
    'balance -5, floor 0',
  ],
  'product.version-on-sale': [
    `INSERT INTO product (id, community_id, created_by_id, kind, title, version, created_at) VALUES ('${row}', '${other}', '${third}', 'course', 't', 2, now())`,
    'version 2 on sale, newest is',
  ],
  'board.totals-are-counted': [
    `INSERT INTO board_total (community_id, total, members, staff) VALUES ('${row}', 9, 2, 1)`,
    '2 and 1, counted 0 and 0',
  ],
  'board.blocks-are-counted': [
    `INSERT INTO board_block (community_id, block, totals, staff_only) VALUES ('${row}', 3, 2, 1)`,
    '2 and 1, counted 0 and 0',
  ],
  'points.total-is-sum': [
    `INSERT INTO member_standing (member_id, community_id, total) VALUES ('${row}', '${other}', 9)`,
    'total is 9, entries sum to 0',
  ],
  'ledger.seals': [
    `INSERT INTO ledger_batch VALUES (1, 1, '', '\\x00', now());
     INSERT INTO ledger_sealed VALUES ('${row}', 1)`,
    'was changed',
  ],
  'ledger.clearing-is-empty': [
    `INSERT INTO ledger_account (id, code, currency, is_hot, balance) VALUES ('${row}', 'provider-clearing', 'CNY', true, 5)`,
    'CNY holds 5 that nobody has assigned',
  ],
  'held-money.balance': [
    `INSERT INTO ledger_account (id, code, owner_id, currency, is_hot, balance) VALUES ('${row}', 'escrow', '${other}', 'CNY', false, 5)`,
    'escrow holds 5 for nothing that is known',
  ],
  'held-money.ends': [
    `INSERT INTO booking (id, order_id, product_id, community_id, consultant_id, consultant_account_id, buyer_id, starts_at,
       ends_at, status, due_at, created_at, free_hours, part_hours, part_basis_points, absent_basis_points, confirm_days)
     VALUES ('${row}', '${other}', '${third}', '${other}', '${other}', '${other}', '${third}', now() - interval '9 days',
       now() - interval '8 days', 'booked', now() - interval '2 days', now(), 1, 1, 1, 1, 1)`,
    'should have ended at',
  ],
  'seat.rights': [
    `INSERT INTO entitlement (id, account_id, community_id, product_id, source_type, source_id, status, starts_at)
     VALUES ('${row}', '${other}', '${other}', '${third}', 'seat', '${third}', 'active', now())`,
    'nobody has the seat',
  ],
  'ledger.refunds-under-way': [
    `INSERT INTO refund (id, order_id, payment_id, status, origin, amount_minor, currency, taken, ends_access, reason, next_attempt_at, created_at)
     VALUES ('${row}', '${other}', '${third}', 'requested', 'order', 7, 'CNY', '[]', true, '', now(), now())`,
    'is requested and holds 0 of 7',
  ],
  'ledger.disputes-frozen': [
    `INSERT INTO dispute (id, order_id, payment_id, provider, provider_ref, status, amount_minor, currency, taken, reason, opened_at)
     VALUES ('${row}', '${other}', '${third}', 'sandbox', 'd', 'open', 5, 'CNY', '[["platform-fee", null, "5"]]', '', now())`,
    'is open and holds 0 of 5',
  ],
  'order.credits': [anOrder(), 'total 10, fee 0, credits 0'],
  'order.lines': [anOrder(), 'total 10, lines 0'],
  'order.refunded': [anOrder({ refunded_minor: '3' }), 'refunded 3, counted 0'],
  'payment.booked': [
    `INSERT INTO payment (id, order_id, provider, status, amount_minor, currency, created_at, settled_at)
     VALUES ('${row}', '${other}', 'sandbox', 'settled', 10, 'CNY', now(), now())`,
    'settled 10 CNY, booked 0',
  ],
  'entitlement.paid-for': [
    `INSERT INTO entitlement (id, account_id, community_id, product_id, source_type, source_id, status, starts_at)
     VALUES ('${row}', '${other}', '${other}', '${other}', 'order', '${third}', 'active', now())`,
    'is not there',
  ],
  'product.stock': [
    `INSERT INTO product_stock (product_id, capacity, held) VALUES ('${row}', 5, 2)`,
    'held 2, orders hold 0',
  ],
  'payout.booked': [
    `INSERT INTO payout (id, community_id, member_id, amount_minor, currency, status, idempotency_key, requested_at)
     VALUES ('${row}', '${other}', '${third}', 500, 'CNY', 'requested', 'k', now())`,
    'is requested over 500: 0 taken, 0 under way',
  ],
  'payout.of-cleared-balance': [
    `INSERT INTO ledger_account (id, code, owner_id, currency, is_hot, balance) VALUES ('${other}', 'creator-earnings', '${third}', 'CNY', false, -5);
     INSERT INTO ledger_transfer VALUES ('${row}', 'payout:x', 'payout', '', now());` +
      entry(0, -5n),
    'leaves -5 CNY of earnings',
  ],
  'ledger.payouts-under-way': [
    `INSERT INTO ledger_account (id, code, currency, is_hot, balance) VALUES ('${row}', 'payouts', 'CNY', true, 5)`,
    'holds 5 CNY, asked for are 0',
  ],
  'coupon.within-limits': [aCoupon + aUse(third) + aUse(other), '2 uses, at most 1'],
  'coupon.reserved': [
    anOrder({ list_minor: '15', discount_minor: '5' }),
    'is paid with a discount of 5, its coupon gave none',
  ],
  'subscription.one-period-at-a-time': [
    anInvoice(row, 'open') + anInvoice('ffffffff-ffff-7fff-8fff-ffffffffffff', 'paid'),
    'overlaps with ffffffff',
  ],
  'subscription.entitled': [
    `INSERT INTO subscription (id, community_id, account_id, status, product_id, product_version, price_id, interval,
       amount_minor, currency, anchor_at, period_number, period_start, period_end, paid_through, grace_days,
       cancel_at_period_end, pause_at_period_end, declines, created_at)
     VALUES ('${row}', '${other}', '${other}', 'active', '${third}', 1, '${third}', 'month', 5, 'CNY', now(), 1, now(),
       now(), now(), 7, false, false, 0, now())`,
    'is active and gives access until',
  ],
  'subscription.invoice-paid': [anInvoice(row, 'paid'), 'asked for 5, its order is not there'],
  'dispute.fee': [
    `INSERT INTO dispute (id, order_id, payment_id, provider, provider_ref, status, amount_minor, currency, taken, reason,
       opened_at, decided_at, fee_minor, fee_currency)
     VALUES ('${row}', '${other}', '${third}', 'sandbox', 'd', 'lost', 5, 'CNY', '[]', '', now(), now(), 15, 'CNY')`,
    'is lost, its fee is 15, booked 0',
  ],
  'ad.charged': [
    `INSERT INTO ad_placement (id, community_id, account_id, order_id, status, advertiser, title, text, url, topics,
       currency, budget_minor, impression_milli, click_milli, viewer_cap, starts_at, ends_at, charged_minor, created_at)
     VALUES ('${row}', '${other}', '${other}', '${third}', 'running', 'a', 't', '', 'u', '{}', 'CNY', 10, 1, 0, 1, now(),
       now() + interval '1 day', 4, now())`,
    'charged 4 of 10, booked 0',
  ],
  'webhook.understood': [
    `INSERT INTO provider_webhook (id, provider, event_id, type, notice, raw_body, received_at, status, next_attempt_at, problem)
     VALUES ('${row}', 'sandbox', 'e', 't', '{}', '', now(), 'failed', now(), 'no such payment')`,
    'sandbox t: no such payment',
  ],
  'points.day-is-sum': [aPointEntry, 'points are 0, entries sum to 5'],
  'points.has-a-why': [aPointEntry.replace(`'${third}'`, `'${row}'`), 'rule set 1 does not exist'],
  'points.equal-the-log': [
    `INSERT INTO community (id, time_zone) VALUES ('${other}', 'UTC');
     INSERT INTO rule_set VALUES ('${other}', 1, NULL, '{"startingPoints": 1, "floor": 1, "rules": [], "limits": [], "parameters": {}}', '{}');
     INSERT INTO member_standing (member_id, community_id, total) VALUES ('${row}', '${other}', 9)`,
    'total is 9, the log gives 0',
  ],
  'engagement.equals-the-log': [
    `INSERT INTO activity_log (event_id, community_id, kind, key, version, actor_id, value, earns_points, occurred_at, request_id)
     VALUES ('${third}', '${row}', 'question-asked', 'q', 1, '${other}', 0, true, '2026-01-02T00:00:00Z', 'r')`,
    'activeMembers is 0, the log gives 1',
  ],
};

describe('the standing invariants', () => {
  const apps = { identity, content, payments, reputation };
  const open = new Map<DatabaseName, TestDatabase>();
  beforeAll(async () => {
    for (const name of databaseNames) open.set(name, await testDatabase(apps[name]));
  });
  afterAll(() => Promise.all([...open.values()].map((test) => test.drop())));

  const sourceOf = (name: DatabaseName): DataSource => {
    const test = open.get(name);
    if (test === undefined) throw new Error(`no database ${name}`);
    return test.dataSource;
  };

  /** What the check finds once the SQL has run; nothing of it stays. */
  const findAfter = async (check: Check, sql: string): Promise<Findings> => {
    const runner = sourceOf(check.in).createQueryRunner();
    await runner.startTransaction();
    try {
      await runner.query('SET LOCAL session_replication_role = replica'); // no triggers, no foreign keys
      await runner.query(sql);
      return await check.find(runner.manager);
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  };

  it('hold of an installation that nothing has happened in', async () => {
    const databases: Databases = {
      identity: sourceOf('identity'),
      content: sourceOf('content'),
      payments: sourceOf('payments'),
      reputation: sourceOf('reputation'),
    };
    const told: string[] = [];
    const results = await runChecks(databases, { onResult: ({ check }) => told.push(check.name) });
    expect(results.filter(({ broken }) => broken > 0)).toEqual([]);
    expect(told.sort()).toEqual(allChecks.map(({ name }) => name).sort());
  });

  it('are each broken by a test', () => {
    expect(Object.keys(breakages).sort()).toEqual(allChecks.map(({ name }) => name).sort());
  });

  it.each(allChecks.map((check) => [check.name, check] as const))(
    '%s names the row',
    async (name, check) => {
      const [sql, problem] = breakages[name] ?? ['', ''];
      const { broken, shown } = await findAfter(check, sql);
      expect(broken).toBeGreaterThan(0);
      expect(shown[0]?.row).toContain(row);
      expect(shown[0]?.problem).toContain(problem);
    },
  );

  it('are looked at without the right to write', async () => {
    const writes: Check = {
      name: 'writes',
      in: 'identity',
      says: '',
      find: async (db) => {
        await db.query('DELETE FROM inbox');
        return { examined: 0, broken: 0, shown: [] };
      },
    };
    const databases = { identity: sourceOf('identity') } as unknown as Databases; // the only one asked
    await expect(runChecks(databases, { checks: [writes] })).rejects.toMatchObject({
      code: '25006',
    });
  });
});
