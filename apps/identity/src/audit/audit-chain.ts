import { createHash } from 'node:crypto';

/** What a link of the chain says, as stored. */
export interface AuditLink {
  readonly chain: string;
  /** 1, 2, 3 … in its chain. */
  readonly position: string;
  readonly id: string;
  readonly occurredAt: Date;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly action: string;
  readonly communityId: string | null;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly details: Readonly<Record<string, string>>;
  /** Of the free text, which is kept apart; null when there was none. */
  readonly noteDigest: string | null;
  readonly requestId: string;
  readonly previousHash: string;
}

/** What the first link of a chain follows. */
export const genesis = '0'.repeat(64);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Covers every column of the entry and the hash of the one before: changing a byte changes all that follow. */
export const hashOf = (link: AuditLink): string =>
  sha256(
    JSON.stringify([
      link.chain,
      link.position,
      link.id,
      link.occurredAt.toISOString(),
      link.actorKind,
      link.actorId,
      link.action,
      link.communityId,
      link.subjectType,
      link.subjectId,
      Object.entries(link.details).sort(([a], [b]) => (a < b ? -1 : 1)),
      link.noteDigest,
      link.requestId,
      link.previousHash,
    ]),
  );

/** Salted, so that an erased text cannot be guessed from what stays in the chain. */
export const noteDigestOf = (salt: string, text: string): string => sha256(`${salt}:${text}`);
