import { isId, type CommunityId } from '@lyceum/contracts';
import type { Ctx } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import { inside, viewer } from '../communities/visibility';
import type { Page } from '../pages';
import { Proposal, type ProposalChoice } from './proposal.type';

const columns = `p.id, p.community_id AS "communityId", p.proposer_id AS "proposerId", p.kind, p.title, p.description,
  p.change, p.quorum_percent AS "quorumPercent", p.state, p.opened_at AS "openedAt", p.closes_at AS "closesAt",
  p.closed_at AS "closedAt", p.voters, p.ayes, p.noes, p.abstentions, p.charter_version AS "charterVersion"`;

const asProposal = (row: object): Proposal => Object.assign(new Proposal(), row);

/** Those of a community that the viewer may look into, the newest first. */
export const proposalsPage = async (
  ctx: Ctx,
  { communityId, page }: { communityId: CommunityId; page: Page<string> },
): Promise<readonly Proposal[]> => {
  const rows = await ctx.db.query<object[]>(
    `SELECT ${columns} FROM proposal AS p JOIN community AS c ON c.id = p.community_id
     WHERE ${inside('c')} AND p.community_id = $3
       AND ($4::timestamptz IS NULL OR (p.opened_at, p.id) < ($4, $5::uuid))
     ORDER BY p.opened_at DESC, p.id DESC LIMIT $6`,
    [...viewer(ctx), communityId, page.after?.[0] ?? null, page.after?.[1] ?? null, page.first + 1],
  );
  return rows.map(asProposal);
};

/** The proposal, if the actor may look into its community. For loaders. */
export const proposalsById = async (
  ctx: Ctx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Proposal>> => {
  const rows = await ctx.db.query<object[]>(
    `SELECT ${columns} FROM proposal AS p JOIN community AS c ON c.id = p.community_id
     WHERE ${inside('c')} AND p.id = ANY($3)`,
    [...viewer(ctx), ids],
  );
  return new Map(rows.map(asProposal).map((proposal) => [proposal.id, proposal]));
};

/** Locked, so that no vote comes while it is closed. */
export const lockProposal = async (db: EntityManager, id: string): Promise<Proposal | null> => {
  if (!isId(id)) return null;
  const [row] = await db.query<object[]>(
    `SELECT ${columns} FROM proposal AS p WHERE p.id = $1 FOR NO KEY UPDATE`,
    [id],
  );
  return row === undefined ? null : asProposal(row);
};

/** How the viewer has voted; absent where it has not, or may not. For loaders. */
export const viewerChoices = async (
  ctx: Ctx,
  proposalIds: readonly string[],
): Promise<ReadonlyMap<string, ProposalChoice>> => {
  if (ctx.actor.kind !== 'user') return new Map();
  const rows = await ctx.db.query<{ id: string; choice: ProposalChoice }[]>(
    `SELECT v.proposal_id AS id, v.choice FROM proposal_vote AS v JOIN member AS m ON m.id = v.member_id
     WHERE m.account_id = $1 AND v.proposal_id = ANY($2) AND v.choice IS NOT NULL`,
    [ctx.actor.accountId, proposalIds],
  );
  return new Map(rows.map(({ id, choice }) => [id, choice]));
};

export interface Counted {
  readonly ayes: number;
  readonly noes: number;
  readonly abstentions: number;
}

/** Votes of those who are members still; who left or was banned has no say. */
export const countVotes = async (db: EntityManager, proposalId: string): Promise<Counted> => {
  const [row] = await db.query<[Counted]>(
    `SELECT count(*) FILTER (WHERE v.choice = 'aye')::int AS ayes,
       count(*) FILTER (WHERE v.choice = 'no')::int AS noes,
       count(*) FILTER (WHERE v.choice = 'abstain')::int AS abstentions
     FROM proposal_vote AS v JOIN member AS m ON m.id = v.member_id AND m.status = 'active'
     WHERE v.proposal_id = $1`,
    [proposalId],
  );
  return row;
};

export const dueProposals = async (
  db: EntityManager,
  { now, limit }: { now: Date; limit: number },
): Promise<readonly string[]> => {
  const rows = await db.query<{ id: string }[]>(
    `SELECT id FROM proposal WHERE state = 'open' AND closes_at <= $1 ORDER BY closes_at LIMIT $2`,
    [now, limit],
  );
  return rows.map(({ id }) => id);
};
