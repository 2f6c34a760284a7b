import { CommunityArchived, isId, may, type CommunityId } from '@lyceum/contracts';
import { forbidden, useCase, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { recordAudit } from '../audit/record-audit';
import { ownRole } from '../memberships/member.queries';
import { parsePlainText } from '../text';
import { Community } from './community.entity';
import { CommunityNotFound } from './community.errors';
import { lockCommunity } from './community.queries';

@InputType({ description: 'Which community, and why.' })
export class ArchiveCommunityInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => String, { nullable: true, description: 'Plain text, at most 1000 characters.' })
  reason?: string | null;
}

export const ArchiveCommunityResult = createUnionType({
  name: 'ArchiveCommunityResult',
  types: () => [Community, CommunityNotFound] as const,
});
export type ArchiveCommunityOutcome = Community | CommunityNotFound;

interface Archiving {
  readonly input: ArchiveCommunityInput;
  readonly to: 'archived' | 'restored';
}

/** What is in an archived community can be read as before; nobody joins it or writes there. */
export const archiveOrRestore = useCase(
  async (tx, archiving: Archiving): Promise<ArchiveCommunityOutcome> => {
    const { input, to } = archiving;
    const community = isId(input.communityId) ? await lockCommunity(tx, input.communityId) : null;
    if (community === null) return new CommunityNotFound();
    if (!may(await ownRole(tx, community.id), 'community.archive')) throw forbidden();
    const isArchived = to === 'archived';
    if ((community.archivedAt !== null) === isArchived) return community;

    community.archivedAt = isArchived ? tx.now : null;
    community.archiveVersion += 1;
    await write(tx, community, archiving);
    return community;
  },
);

const write = async (
  tx: Tx,
  community: Community,
  { input: { reason }, to }: Archiving,
): Promise<void> => {
  const { id, archivedAt, archiveVersion } = community;
  await tx.db.query('UPDATE community SET archived_at = $2, archive_version = $3 WHERE id = $1', [
    id,
    archivedAt,
    archiveVersion,
  ]);
  await tx.emit(CommunityArchived, {
    communityId: id,
    version: archiveVersion,
    isArchived: archivedAt !== null,
  });
  await recordAudit(tx, {
    action: `community.${to}`,
    communityId: id,
    subject: { type: 'Community', id },
    reason: reason == null ? null : parsePlainText('reason', reason, { max: 1_000 }),
  });
};
