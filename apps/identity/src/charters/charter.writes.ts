import {
  CharterAccepted,
  CharterPublished,
  type AccountId,
  type CommunityId,
} from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import assert from 'node:assert';
import { recordAudit } from '../audit/record-audit';
import type { Member } from '../memberships/member.entity';
import { charterVersion } from './charter.queries';
import type { Charter } from './charter.type';

export interface CharterTexts {
  readonly positioning: string;
  readonly goals: string;
  readonly rules: string;
  readonly codeOfConduct: string;
}

/** Writes the next version. The caller holds the community's lock, so that versions have no gaps. */
export const writeCharter = async (
  tx: Tx,
  charter: CharterTexts & {
    readonly communityId: CommunityId;
    readonly publishedBy: AccountId | null;
    readonly inForceFrom: Date;
  },
): Promise<Charter> => {
  const { communityId, inForceFrom } = charter;
  const [row] = await tx.db.query<[{ version: number }]>(
    `INSERT INTO charter (community_id, version, positioning, goals, rules, code_of_conduct, published_by,
       published_at, in_force_from)
     SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, $6, $7, $8 FROM charter WHERE community_id = $1
     RETURNING version`,
    [
      communityId,
      charter.positioning,
      charter.goals,
      charter.rules,
      charter.codeOfConduct,
      charter.publishedBy,
      tx.now,
      inForceFrom,
    ],
  );
  const { version } = row;
  await tx.emit(CharterPublished, {
    communityId,
    version,
    inForceFrom: inForceFrom.toISOString(),
  });
  await recordAudit(tx, {
    action: 'charter.published',
    communityId,
    subject: { type: 'Community', id: communityId },
    details: { version: String(version), inForceFrom: inForceFrom.toISOString() },
  });
  const written = await charterVersion(tx.db, { communityId, version });
  assert(written !== null, 'the charter was just written');
  return written;
};

/** Accepting twice is accepting once. */
export const writeAcceptance = async (tx: Tx, member: Member, version: number): Promise<void> => {
  const fresh = await tx.db.query<unknown[]>(
    `INSERT INTO charter_acceptance (member_id, version, accepted_at) VALUES ($1, $2, $3)
     ON CONFLICT DO NOTHING RETURNING version`,
    [member.id, version, tx.now],
  );
  if (fresh.length === 0) return;
  const { communityId, id: memberId } = member;
  await tx.emit(CharterAccepted, { communityId, memberId, version });
};
