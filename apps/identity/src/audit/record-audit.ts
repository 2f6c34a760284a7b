import { newId, type AccountId, type CommunityId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import assert from 'node:assert';
import { randomBytes } from 'node:crypto';
import type { AuditAction } from './audit-actions';
import { genesis, hashOf, noteDigestOf, type AuditLink } from './audit-chain';

/** The chain of acts that belong to no community and no account. */
const installation = '00000000-0000-0000-0000-000000000000';

export interface PrivilegedAct {
  readonly action: AuditAction;
  /** Where it happened; null for acts on an account or on the installation. */
  readonly communityId: CommunityId | null;
  /** On what it was done; `type` as in the graph. */
  readonly subject: { readonly type: string; readonly id: string };
  /** Why, in the words of who did it. Kept apart from the chain, because it can name people and be erased. */
  readonly reason?: string | null | undefined;
  /** Closed values and ids alone: what is here can never be erased. */
  readonly details?: Readonly<Record<string, string>>;
  /** Who did it, when not the actor of the transaction: a log-in is done by somebody who has just become one. */
  readonly actorId?: AccountId;
}

/**
 * Writes down a privileged act, in the transaction that does it: both are committed or neither. Each community has
 * a chain of its own, and so has each account, so that acts wait for one another only where they would anyway.
 */
export const recordAudit = async (tx: Tx, act: PrivilegedAct): Promise<void> => {
  const chain = act.communityId ?? (act.subject.type === 'Account' ? act.subject.id : installation);
  const head = await lockHead(tx, chain);
  const note = noteOf(act);
  const link: AuditLink = {
    chain,
    position: String(BigInt(head.position) + 1n),
    id: newId<'AuditEntry'>(),
    occurredAt: tx.now,
    ...actorOf(tx, act),
    action: act.action,
    communityId: act.communityId,
    subjectType: act.subject.type,
    subjectId: act.subject.id,
    details: act.details ?? {},
    noteDigest: note?.digest ?? null,
    requestId: tx.requestId,
    previousHash: head.hash,
  };
  await append(tx, link);
  if (note !== null)
    await tx.db.query('INSERT INTO audit_note (entry_id, salt, text) VALUES ($1, $2, $3)', [
      link.id,
      note.salt,
      note.text,
    ]);
};

/** The last link of the chain, locked until the end of the transaction: positions have no gaps. */
const lockHead = async (tx: Tx, chain: string): Promise<{ position: string; hash: string }> => {
  await tx.db.query(
    'INSERT INTO audit_head (chain, position, hash) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING',
    [chain, genesis],
  );
  const [head] = await tx.db.query<{ position: string; hash: string }[]>(
    'SELECT position, hash FROM audit_head WHERE chain = $1 FOR UPDATE',
    [chain],
  );
  assert(head !== undefined, 'the head was just written');
  return head;
};

const append = async (tx: Tx, link: AuditLink): Promise<void> => {
  const hash = hashOf(link);
  await tx.db.query(
    `INSERT INTO audit_entry (chain, position, id, occurred_at, actor_kind, actor_id, action, community_id,
       subject_type, subject_id, details, note_digest, request_id, previous_hash, hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      link.chain,
      link.position,
      link.id,
      link.occurredAt,
      link.actorKind,
      link.actorId,
      link.action,
      link.communityId,
      link.subjectType,
      link.subjectId,
      JSON.stringify(link.details),
      link.noteDigest,
      link.requestId,
      link.previousHash,
      hash,
    ],
  );
  await tx.db.query('UPDATE audit_head SET position = $2, hash = $3 WHERE chain = $1', [
    link.chain,
    link.position,
    hash,
  ]);
};

const actorOf = (
  { actor }: Tx,
  { actorId }: PrivilegedAct,
): Pick<AuditLink, 'actorKind' | 'actorId'> => {
  if (actorId !== undefined) return { actorKind: 'user', actorId };
  return actor.kind === 'user'
    ? { actorKind: 'user', actorId: actor.accountId }
    : { actorKind: actor.kind, actorId: null };
};

const noteOf = ({
  reason,
}: PrivilegedAct): { salt: string; text: string; digest: string } | null => {
  if (reason == null || reason === '') return null;
  const salt = randomBytes(16).toString('hex');
  return { salt, text: reason, digest: noteDigestOf(salt, reason) };
};
