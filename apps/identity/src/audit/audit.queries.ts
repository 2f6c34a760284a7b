import type { EntityManager } from 'typeorm';
import { AuditEntry, type AuditDetail } from './audit-entry.type';

export interface AuditPage {
  /** A community's id or an account's. */
  readonly chain: string;
  readonly first: number;
  /** The position of the last entry seen; null at the beginning. */
  readonly after: string | null;
  readonly action: string | null;
}

type Row = Omit<AuditEntry, 'details'> & { readonly details: Record<string, string> };

/** The newest first; one more than asked for, which tells that more follow. */
export const auditPage = async (
  db: EntityManager,
  { chain, first, after, action }: AuditPage,
): Promise<readonly AuditEntry[]> => {
  const rows = await db.query<Row[]>(
    `SELECT e.id, e.position, e.occurred_at AS "occurredAt", e.action, e.actor_kind AS "actorKind",
       e.actor_id AS "actorId", e.community_id AS "communityId", e.subject_type AS "subjectType",
       e.subject_id AS "subjectId", e.details, n.text AS reason, e.request_id AS "requestId", e.hash
     FROM audit_entry AS e LEFT JOIN audit_note AS n ON n.entry_id = e.id
     WHERE e.chain = $1 AND ($2::bigint IS NULL OR e.position < $2) AND ($3::text IS NULL OR e.action = $3)
     ORDER BY e.position DESC LIMIT $4`,
    [chain, after, action, first + 1],
  );
  return rows.map((row) => Object.assign(new AuditEntry(), row, { details: asList(row.details) }));
};

const asList = (details: Record<string, string>): readonly AuditDetail[] =>
  Object.entries(details)
    .sort(([a], [b]) => (a < b ? -1 : 1)) // jsonb keeps an order of its own
    .map(([name, value]) => ({ name, value }));
