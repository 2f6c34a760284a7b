import { isId, may, newId, TrialStarted, type CommunityId } from '@lyceum/contracts';
import { badInput, forbidden, requireUser, useCase, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import { recordAudit } from '../audit/record-audit';
import { Community } from '../communities/community.entity';
import { CommunityNotFound } from '../communities/community.errors';
import { lockCommunity } from '../communities/community.queries';
import { emailDigest } from '../invites/normalised-email';
import { MemberStatus } from '../memberships/member.entity';
import { NotAMember } from '../memberships/member.errors';
import { memberOf, ownRole } from '../memberships/member.queries';
import { asTrial, trialColumns } from './trial.queries';
import { EmailNotVerified, NoTrialOffered, Trial, TrialHad } from './trial.type';

@InputType({ description: 'Of which community.' })
export class StartTrialInput {
  @Field(() => ID) communityId!: CommunityId;
}

export const StartTrialResult = createUnionType({
  name: 'StartTrialResult',
  types: () =>
    [Trial, CommunityNotFound, NotAMember, NoTrialOffered, EmailNotVerified, TrialHad] as const,
});
export type StartTrialOutcome =
  Trial | CommunityNotFound | NotAMember | NoTrialOffered | EmailNotVerified | TrialHad;

const day = 86_400_000;

/** Once a person: the database refuses a second account, and a second one with the same mailbox. */
export const startTrial = useCase(
  async (tx, { communityId }: StartTrialInput): Promise<StartTrialOutcome> => {
    const { accountId } = requireUser(tx);
    const community = isId(communityId) ? await lockCommunity(tx, communityId) : null;
    if (community === null) return new CommunityNotFound();
    const member = await memberOf(tx.db, { communityId, accountId });
    if (member?.status !== MemberStatus.ACTIVE) return new NotAMember();
    const days = await daysOf(tx, communityId);
    if (days === null) return new NoTrialOffered();
    const email = await verifiedEmail(tx);
    if (email === null) return new EmailNotVerified();

    const endsAt = new Date(tx.now.getTime() + days * day);
    const [row] = await tx.db.query<{ id: string }[]>(
      `INSERT INTO trial (id, community_id, account_id, email_digest, started_at, ends_at)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING ${trialColumns}`,
      [newId<'Trial'>(), communityId, accountId, emailDigest(communityId, email), tx.now, endsAt],
    );
    if (row === undefined) return new TrialHad();
    await tx.emit(TrialStarted, {
      trialId: row.id,
      communityId,
      accountId,
      memberId: member.id,
      endsAt: endsAt.toISOString(),
    });
    return asTrial(row);
  },
);

const daysOf = async (tx: Tx, communityId: CommunityId): Promise<number | null> => {
  const [row] = await tx.db.query<{ days: number | null }[]>(
    'SELECT trial_days AS days FROM community WHERE id = $1',
    [communityId],
  );
  return row?.days ?? null;
};

const verifiedEmail = async (tx: Tx): Promise<string | null> => {
  const [row] = await tx.db.query<{ email: string | null }[]>(
    'SELECT email FROM account WHERE id = $1 AND email_verified_at IS NOT NULL',
    [requireUser(tx).accountId],
  );
  return row?.email ?? null;
};

@InputType({ description: 'Whether a community has a trial, and how long.' })
export class SetTrialInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => Int, { nullable: true, description: '1 to 90; null for no trial.' })
  days?: number | null;
}

export const SetTrialResult = createUnionType({
  name: 'SetTrialResult',
  types: () => [Community, CommunityNotFound] as const,
});
export type SetTrialOutcome = Community | CommunityNotFound;

/** Trials that run keep the end they were promised. */
export const setTrial = useCase(
  async (tx, { communityId, days }: SetTrialInput): Promise<SetTrialOutcome> => {
    const community = isId(communityId) ? await lockCommunity(tx, communityId) : null;
    if (community === null) return new CommunityNotFound();
    if (!may(await ownRole(tx, communityId), 'trials.set')) throw forbidden();
    if (days != null && (days < 1 || days > 90))
      throw badInput('"days" must be 1 to 90.', { field: 'days' });

    await tx.db.query('UPDATE community SET trial_days = $2 WHERE id = $1', [
      communityId,
      days ?? null,
    ]);
    await recordAudit(tx, {
      action: 'trial.set',
      communityId,
      subject: { type: 'Community', id: communityId },
      details: { days: days == null ? 'none' : String(days) },
    });
    return community;
  },
);
