import type { AccountId, MemberId } from '@lyceum/contracts';
import type { Person, PersonalTable } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';

/*
 * What identity holds about a person. The account stays as a name for nobody, because members, posts and money point
 * to it; what identifies somebody goes.
 */

const isAboutAudit = `t.entry_id IN (SELECT id FROM audit_entry
  WHERE actor_id = $1 OR subject_id = $1::text OR subject_id = ANY($2::text[]))`;

const declared: readonly PersonalTable[] = [
  {
    table: 'audit_note', // before the entries that say whose it is could change
    isAbout: isAboutAudit,
    key: 't.entry_id::text',
    leftOut: ['salt'],
    onErasure: { kind: 'delete' },
  },
  {
    table: 'audit_entry',
    isAbout: 't.actor_id = $1 OR t.subject_id = $1::text OR t.subject_id = ANY($2::text[])',
    onErasure: { kind: 'keep', because: 'the log is append-only; it holds ids and closed values' },
  },
  {
    table: 'account',
    isAbout: 't.id = $1',
    leftOut: ['password_hash'],
    onErasure: {
      kind: 'clear',
      set: `handle = 'gone-' || substr(replace(id::text, '-', ''), 9), display_name = 'Deleted account',
        email = NULL, email_verified_at = NULL, password_hash = NULL, bio = '', links = '{}', avatar_url = NULL,
        locale = 'en', time_zone = 'UTC', imported_from = NULL`,
    },
  },
  {
    table: 'session', // revoked ones are still told to those who hold their tokens
    isAbout: 't.account_id = $1',
    onErasure: { kind: 'clear', set: 'user_agent = NULL, client = NULL' },
  },
  {
    table: 'personal_token',
    isAbout: 't.account_id = $1 OR t.created_by = $1',
    leftOut: ['hash'],
    onErasure: { kind: 'clear', set: `name = '', hint = '', scopes = '{}', hash = id::text` },
  },
  {
    table: 'member',
    isAbout: 't.account_id = $1',
    onErasure: { kind: 'keep', because: 'it holds ids, a role and a status' },
  },
  {
    table: 'charter_acceptance',
    isAbout: 't.member_id = ANY($2)',
    key: 't.member_id::text || t.version',
    onErasure: { kind: 'delete' },
  },
  {
    table: 'ban',
    isAbout: 't.member_id = ANY($2)',
    onErasure: { kind: 'clear', set: `reason = ''` },
  },
  { table: 'join_request', isAbout: 't.account_id = $1', onErasure: { kind: 'delete' } },
  {
    table: 'ownership_offer',
    isAbout: 't.to_member_id = ANY($2) OR t.from_member_id = ANY($2)',
    key: 't.community_id::text',
    onErasure: { kind: 'delete' },
  },
  {
    table: 'invite',
    isAbout: 't.inviter_id = $1',
    onErasure: { kind: 'clear', set: 'code = id::text, revoked_at = coalesce(revoked_at, now())' },
  },
  {
    table: 'invite_use',
    isAbout: 't.inviter_id = $1 OR t.member_id = ANY($2)',
    onErasure: { kind: 'keep', because: 'nobody is credited twice; it holds ids' },
  },
  {
    table: 'trial',
    isAbout: 't.account_id = $1',
    leftOut: ['email_digest'],
    onErasure: { kind: 'keep', because: 'a trial is had once; the address is kept as a digest' },
  },
  {
    table: 'charter',
    isAbout: 't.published_by = $1',
    key: 't.community_id::text || t.version',
    onErasure: { kind: 'keep', because: "the rules are the community's" },
  },
  {
    table: 'proposal',
    isAbout: 't.proposer_id = ANY($2)',
    onErasure: {
      kind: 'clear',
      set: `title = '[removed]', description = '', change = '{}',
        state = CASE state WHEN 'open' THEN 'withdrawn' ELSE state END`,
    },
  },
  {
    table: 'proposal_vote',
    isAbout: 't.member_id = ANY($2)',
    key: 't.proposal_id::text || t.member_id',
    onErasure: { kind: 'keep', because: 'votes were counted; it holds ids' },
  },
  {
    table: 'member_facts',
    isAbout: 't.member_id = ANY($2)',
    key: 't.member_id::text',
    onErasure: { kind: 'delete' },
  },
  {
    table: 'tier_change',
    isAbout: 't.member_id = ANY($2)',
    key: 't.member_id::text || t.changed_at',
    onErasure: { kind: 'delete' },
  },
  {
    table: 'consent',
    isAbout: 't.account_id = $1',
    key: 't.purpose || t.version',
    onErasure: { kind: 'keep', because: 'it proves what was agreed to, by an id' },
  },
  {
    table: 'data_export',
    isAbout: 't.account_id = $1',
    leftOut: ['archive'],
    onErasure: { kind: 'delete' },
  },
  {
    table: 'erasure',
    isAbout: 't.account_id = $1',
    leftOut: ['receipt_hash'],
    onErasure: { kind: 'keep', because: 'it proves that the person was erased' },
  },
];

const secretColumns = /hash|secret|token|key|salt|counter|challenge|code|digest/;

/**
 * The declared tables, and those whose rows go with their account by the database's own rule: second factors, mail,
 * proofs. They are handed out without their secrets, and deleted.
 */
export const personalTables = async (db: EntityManager): Promise<readonly PersonalTable[]> => {
  const known = new Set(declared.map(({ table }) => table));
  const rows = await db.query<{ table: string; column: string; columns: string[] }[]>(
    `SELECT k.conrelid::regclass::text AS "table",
       (SELECT attname FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = k.conkey[1])::text AS "column",
       (SELECT array_agg(attname::text) FROM pg_attribute
        WHERE attrelid = k.conrelid AND attnum > 0 AND NOT attisdropped) AS columns
     FROM pg_constraint AS k
     WHERE k.confrelid = 'account'::regclass AND k.contype = 'f' AND k.confdeltype = 'c' ORDER BY 1, 2`,
  );
  const cascading = rows
    .filter(({ table }) => !known.has(table))
    .map(({ table, column, columns }) => ({
      table,
      isAbout: `t.${column} = $1`,
      key: 't.ctid::text',
      leftOut: columns.filter((name) => secretColumns.test(name)),
      onErasure: { kind: 'delete' as const },
    }));
  return [...declared, ...cascading];
};

/** What is declared to stay, for manifests and docs. */
export const keptTables = declared.flatMap(({ table, onErasure }) =>
  onErasure.kind === 'keep' ? [{ table, because: onErasure.because }] : [],
);

export const personOf = async (db: EntityManager, accountId: AccountId): Promise<Person> => {
  const rows = await db.query<{ id: MemberId }[]>('SELECT id FROM member WHERE account_id = $1', [
    accountId,
  ]);
  return { accountId, memberIds: rows.map(({ id }) => id) };
};
