import type { EntityManager } from 'typeorm';
import { genesis, hashOf, noteDigestOf, type AuditLink } from './audit-chain';

export interface AuditFault {
  /** `audit_entry <id>`, or the chain's head. */
  readonly row: string;
  readonly problem: string;
}

export interface AuditVerdict {
  readonly examined: number;
  readonly faults: readonly AuditFault[];
}

interface Stored extends AuditLink {
  readonly hash: string;
  readonly salt: string | null;
  readonly text: string | null;
}

interface Head {
  readonly chain: string;
  readonly position: string;
  readonly hash: string;
}

const pageSize = 5_000;

/**
 * Recomputes every link of every chain and names the rows that are not what was written. A text that is gone is no
 * fault, because erasure takes texts; one that is another than was written is. Only reads.
 */
export const verifyAuditLog = async (db: EntityManager): Promise<AuditVerdict> => {
  const faults: AuditFault[] = [];
  const ends = new Map<string, Head>();
  let examined = 0;
  let after: readonly [string, string] | null = null;
  for (;;) {
    const page = await readPage(db, after);
    for (const entry of page) {
      faults.push(...faultsOf(entry, ends.get(entry.chain)));
      ends.set(entry.chain, { chain: entry.chain, position: entry.position, hash: entry.hash });
    }
    examined += page.length;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) break;
    after = [last.chain, last.position];
  }
  return { examined, faults: [...faults, ...(await endFaults(db, ends))] };
};

const readPage = (db: EntityManager, after: readonly [string, string] | null): Promise<Stored[]> =>
  db.query<Stored[]>(
    `SELECT e.chain, e.position, e.id, e.occurred_at AS "occurredAt", e.actor_kind AS "actorKind",
       e.actor_id AS "actorId", e.action, e.community_id AS "communityId", e.subject_type AS "subjectType",
       e.subject_id AS "subjectId", e.details, e.note_digest AS "noteDigest", e.request_id AS "requestId",
       e.previous_hash AS "previousHash", e.hash, n.salt, n.text
     FROM audit_entry AS e LEFT JOIN audit_note AS n ON n.entry_id = e.id
     WHERE $1::uuid IS NULL OR (e.chain, e.position) > ($1, $2::bigint)
     ORDER BY e.chain, e.position LIMIT ${String(pageSize)}`,
    [...(after ?? [null, null])],
  );

const faultsOf = (entry: Stored, previous: Head | undefined): readonly AuditFault[] => {
  const row = `audit_entry ${entry.id}`;
  const faults: AuditFault[] = [];
  if (hashOf(entry) !== entry.hash)
    faults.push({ row, problem: 'is not what was written: its hash is another' });
  if (entry.position !== String(BigInt(previous?.position ?? '0') + 1n))
    faults.push({
      row,
      problem: `is number ${entry.position} of its chain; some before it are gone`,
    });
  else if (entry.previousHash !== (previous?.hash ?? genesis))
    faults.push({ row, problem: 'does not follow from the one before it' });
  if (entry.text !== null && entry.salt !== null)
    if (noteDigestOf(entry.salt, entry.text) !== entry.noteDigest)
      faults.push({ row, problem: 'has another text than was written' });
  return faults;
};

const endFaults = async (
  db: EntityManager,
  ends: ReadonlyMap<string, Head>,
): Promise<readonly AuditFault[]> => {
  const heads = await db.query<Head[]>('SELECT chain, position, hash FROM audit_head');
  const told = new Map(heads.map((head) => [head.chain, head]));
  const short = heads.filter(({ chain, position, hash }) => {
    const end = ends.get(chain);
    return (end?.position ?? '0') !== position || (end?.hash ?? genesis) !== hash;
  });
  const headless = [...ends.keys()].filter((chain) => !told.has(chain));
  return [
    ...short.map(({ chain, position }) => ({
      row: `audit_head ${chain}`,
      problem: `says that entry ${position} is the last; the chain ends elsewhere`,
    })),
    ...headless.map((chain) => ({ row: `audit_head ${chain}`, problem: 'is gone' })),
  ];
};
