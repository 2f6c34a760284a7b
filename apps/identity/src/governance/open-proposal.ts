import { isId, may, newId, type CommunityId } from '@lyceum/contracts';
import { badInput, forbidden, requireUser, useCase, type Tx } from '@lyceum/platform';
import assert from 'node:assert';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import { recordAudit } from '../audit/record-audit';
import { charterLength } from '../charters/publish-charter';
import { CommunityInArchive, CommunityNotFound } from '../communities/community.errors';
import { lockCommunity } from '../communities/community.queries';
import { MemberStatus } from '../memberships/member.entity';
import { memberOf } from '../memberships/member.queries';
import { parseLine, parsePlainText } from '../text';
import { lockProposal } from './proposal.queries';
import { Proposal, ProposalKind, type ProposedTexts } from './proposal.type';

@InputType({
  description: 'What is proposed. For rules, the texts of the next charter come with it.',
})
export class OpenProposalInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => ProposalKind) kind!: ProposalKind;
  @Field(() => String, { description: 'At most 200 characters.' }) title!: string;
  @Field(() => String, { defaultValue: '', description: 'At most 5000 characters.' })
  description!: string;
  @Field(() => Int, { defaultValue: 7, description: 'How many days votes are taken, 1 to 30.' })
  days!: number;
  @Field(() => Int, { defaultValue: 20, description: 'Of a hundred voters, 1 to 100.' })
  quorumPercent!: number;
  @Field(() => String, { nullable: true }) positioning?: string | null;
  @Field(() => String, { nullable: true }) goals?: string | null;
  @Field(() => String, { nullable: true, description: 'Needed when rules are proposed.' })
  rules?: string | null;
  @Field(() => String, { nullable: true }) codeOfConduct?: string | null;
}

export const OpenProposalResult = createUnionType({
  name: 'OpenProposalResult',
  types: () => [Proposal, CommunityNotFound, CommunityInArchive] as const,
});
export type OpenProposalOutcome = Proposal | CommunityNotFound | CommunityInArchive;

const day = 86_400_000;

/** Who is an active member now may vote, nobody who comes later. */
export const openProposal = useCase(
  async (tx, input: OpenProposalInput): Promise<OpenProposalOutcome> => {
    const { communityId } = input;
    const community = isId(communityId) ? await lockCommunity(tx, communityId) : null;
    if (community === null) return new CommunityNotFound();
    const own = await memberOf(tx.db, { communityId, accountId: requireUser(tx).accountId });
    if (own?.status !== MemberStatus.ACTIVE || !may(own.role, 'proposals.open')) throw forbidden();
    if (community.archivedAt !== null) return new CommunityInArchive();
    const parsed = parse(input);

    const id = newId<'Proposal'>();
    await tx.db.query(
      `INSERT INTO proposal (id, community_id, proposer_id, kind, title, description, change, quorum_percent,
         opened_at, closes_at, voters)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        id,
        communityId,
        own.id,
        input.kind,
        parsed.title,
        parsed.description,
        JSON.stringify(parsed.change),
        input.quorumPercent,
        tx.now,
        new Date(tx.now.getTime() + input.days * day),
        community.memberCount,
      ],
    );
    await fixVoters(tx, { id, communityId });
    const proposal = await lockProposal(tx.db, id);
    assert(proposal !== null, 'the proposal was just written');
    await recordAudit(tx, {
      action: 'proposal.opened',
      communityId,
      subject: { type: 'Proposal', id },
      details: { kind: input.kind, voters: String(proposal.voters) },
    });
    return proposal;
  },
);

const fixVoters = async (
  tx: Tx,
  { id, communityId }: { id: string; communityId: CommunityId },
): Promise<void> => {
  const voters = await tx.db.query<unknown[]>(
    `INSERT INTO proposal_vote (proposal_id, member_id)
     SELECT $1, id FROM member WHERE community_id = $2 AND status = 'active' RETURNING member_id`,
    [id, communityId],
  );
  await tx.db.query('UPDATE proposal SET voters = $2 WHERE id = $1', [id, voters.length]);
};

const parse = (
  input: OpenProposalInput,
): { title: string; description: string; change: Partial<ProposedTexts> } => {
  if (input.days < 1 || input.days > 30)
    throw badInput('"days" must be 1 to 30.', { field: 'days' });
  if (input.quorumPercent < 1 || input.quorumPercent > 100)
    throw badInput('"quorumPercent" must be 1 to 100.', { field: 'quorumPercent' });
  const text = (field: keyof ProposedTexts, min = 0): string =>
    parsePlainText(field, input[field] ?? '', { min, max: charterLength });
  return {
    title: parseLine('title', input.title, { max: 200 }),
    description: parsePlainText('description', input.description, { max: 5_000 }),
    change:
      input.kind === ProposalKind.RULES
        ? {
            positioning: text('positioning'),
            goals: text('goals'),
            rules: text('rules', 1),
            codeOfConduct: text('codeOfConduct'),
          }
        : {},
  };
};
