import { defineJob, useCase, type Tx } from '@lyceum/platform';
import { z } from 'zod';
import { recordAudit } from '../audit/record-audit';
import { writeCharter } from '../charters/charter.writes';
import { lockCommunityUnseen } from '../communities/community.queries';
import { outcomeOf } from './outcome';
import { countVotes, dueProposals, lockProposal } from './proposal.queries';
import { ProposalKind, ProposalState, type Proposal } from './proposal.type';

const minute = 60_000;
const batchSize = 100;

/** Closes proposals whose time is over, and does what was decided. */
export const closeProposals = defineJob({
  name: 'identity.close-proposals',
  input: z.object({}),
  attempts: 3,
  timeoutMs: minute,
  concurrency: 1,
  everyMs: minute,
  run: async ({ deps, ctx, signal }) => {
    const due = await dueProposals(ctx.db, { now: deps.now(), limit: batchSize });
    for (const id of due) {
      if (signal.aborted) return;
      await close(ctx, id);
    }
  },
});

/** Counting, closing and applying are one transaction: of two runs at once, one finds nothing open. */
const close = useCase(async (tx, id: string): Promise<void> => {
  const proposal = await lockProposal(tx.db, id);
  if (proposal?.state !== ProposalState.OPEN || proposal.closesAt > tx.now) return;
  const counted = await countVotes(tx.db, id);
  const state = outcomeOf({ ...counted, ...limitsOf(proposal) });
  const version = state === ProposalState.ACCEPTED ? await apply(tx, proposal) : null;
  await tx.db.query(
    `UPDATE proposal SET state = $2, closed_at = $3, ayes = $4, noes = $5, abstentions = $6, charter_version = $7
     WHERE id = $1`,
    [id, state, tx.now, counted.ayes, counted.noes, counted.abstentions, version],
  );
  await recordAudit(tx, {
    action: 'proposal.closed',
    communityId: proposal.communityId,
    subject: { type: 'Proposal', id },
    details: {
      outcome: state,
      ayes: String(counted.ayes),
      noes: String(counted.noes),
      abstentions: String(counted.abstentions),
      voters: String(proposal.voters),
    },
  });
});

const limitsOf = ({
  voters,
  quorumPercent,
}: Proposal): { voters: number; quorumPercent: number } => ({
  voters,
  quorumPercent,
});

/** Accepted rules are published as the next version of the charter; that of an event is for people to do. */
const apply = async (tx: Tx, { kind, communityId, change }: Proposal): Promise<number | null> => {
  if (kind !== ProposalKind.RULES) return null;
  await lockCommunityUnseen(tx, communityId);
  const { positioning = '', goals = '', rules = '', codeOfConduct = '' } = change;
  const texts = { positioning, goals, rules, codeOfConduct };
  const charter = await writeCharter(tx, {
    ...texts,
    communityId,
    publishedBy: null,
    inForceFrom: tx.now,
  });
  return charter.version;
};
