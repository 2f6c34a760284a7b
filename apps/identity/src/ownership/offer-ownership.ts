import { isId, may, type CommunityId, type MemberId } from '@lyceum/contracts';
import { forbidden, requireUser, useCase, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import { recordAudit } from '../audit/record-audit';
import { CommunityNotFound } from '../communities/community.errors';
import { lockCommunity } from '../communities/community.queries';
import { Member, MemberStatus, Role } from '../memberships/member.entity';
import { MemberNotFound, NotAMember } from '../memberships/member.errors';
import { memberById, memberOf } from '../memberships/member.queries';
import { changeMember, lockMember } from '../memberships/member.writes';
import { OfferNotFound, OwnershipOffer } from './ownership-offer.type';
import { offerOf } from './ownership.queries';

@InputType({ description: 'Who is to own the community.' })
export class OfferOwnershipInput {
  @Field(() => ID) memberId!: MemberId;
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether the caller stays an owner too, instead of becoming an administrator.',
  })
  keepsOwn!: boolean;
}

export const OfferOwnershipResult = createUnionType({
  name: 'OfferOwnershipResult',
  types: () => [OwnershipOffer, MemberNotFound] as const,
});
export type OfferOwnershipOutcome = OwnershipOffer | MemberNotFound;

const offerLastsMs = 14 * 86_400_000;

/** A community has one open offer at most: another one takes its place. */
export const offerOwnership = useCase(
  async (tx, { memberId, keepsOwn }: OfferOwnershipInput): Promise<OfferOwnershipOutcome> => {
    const member = await lockMember(tx, memberId);
    if (member === null) return new MemberNotFound();
    const { communityId } = member;
    const own = await ownMembership(tx, communityId);
    if (own === null || !may(own.role, 'ownership.offer')) throw forbidden();
    if (member.status !== MemberStatus.ACTIVE || member.role === Role.OWNER)
      return new MemberNotFound();

    const expiresAt = new Date(tx.now.getTime() + offerLastsMs);
    await tx.db.query(
      `INSERT INTO ownership_offer (community_id, from_member_id, to_member_id, keeps_own, offered_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (community_id) DO UPDATE SET from_member_id = excluded.from_member_id,
         to_member_id = excluded.to_member_id, keeps_own = excluded.keeps_own,
         offered_at = excluded.offered_at, expires_at = excluded.expires_at`,
      [communityId, own.id, memberId, keepsOwn, tx.now, expiresAt],
    );
    await recordAudit(tx, {
      action: 'ownership.offered',
      communityId,
      subject: { type: 'Member', id: memberId },
      details: { keepsOwn: String(keepsOwn) },
    });
    const offered = { communityId, fromMemberId: own.id, toMemberId: memberId, keepsOwn };
    return Object.assign(new OwnershipOffer(), { ...offered, offeredAt: tx.now, expiresAt });
  },
);

@InputType({ description: 'The offer of which community.' })
export class AnswerOfferInput {
  @Field(() => ID) communityId!: CommunityId;
}

export const AcceptOwnershipResult = createUnionType({
  name: 'AcceptOwnershipResult',
  types: () => [Member, CommunityNotFound, NotAMember, OfferNotFound] as const,
});
export type AcceptOwnershipOutcome = Member | CommunityNotFound | NotAMember | OfferNotFound;

/** Both sides have said yes, and both are still who they were: the roles change in one step. */
export const acceptOwnership = useCase(
  async (tx, { communityId }: AnswerOfferInput): Promise<AcceptOwnershipOutcome> => {
    const community = isId(communityId) ? await lockCommunity(tx, communityId) : null;
    if (community === null) return new CommunityNotFound();
    const own = await ownMembership(tx, communityId);
    if (own === null) return new NotAMember();
    const offer = await offerOf(tx.db, { communityId, now: tx.now });
    const from = offer === null ? null : await memberById(tx.db, offer.fromMemberId);
    if (offer?.toMemberId !== own.id || from?.status !== MemberStatus.ACTIVE)
      return new OfferNotFound();
    if (from.role !== Role.OWNER) return new OfferNotFound();

    await tx.db.query('DELETE FROM ownership_offer WHERE community_id = $1', [communityId]);
    await recordAudit(tx, {
      action: 'ownership.accepted',
      communityId,
      subject: { type: 'Member', id: own.id },
      details: { from: from.id, keepsOwn: String(offer.keepsOwn) },
    });
    const owner = await changeMember(tx, own, { role: Role.OWNER });
    if (!offer.keepsOwn) await changeMember(tx, from, { role: Role.ADMIN });
    return owner;
  },
);

export const DeclineOwnershipResult = createUnionType({
  name: 'DeclineOwnershipResult',
  types: () => [OwnershipOffer, CommunityNotFound, NotAMember, OfferNotFound] as const,
});
export type DeclineOwnershipOutcome =
  OwnershipOffer | CommunityNotFound | NotAMember | OfferNotFound;

/** By the member who got the offer, or by an owner, who takes it back. */
export const declineOwnership = useCase(
  async (tx, { communityId }: AnswerOfferInput): Promise<DeclineOwnershipOutcome> => {
    const community = isId(communityId) ? await lockCommunity(tx, communityId) : null;
    if (community === null) return new CommunityNotFound();
    const own = await ownMembership(tx, communityId);
    if (own === null) return new NotAMember();
    const offer = await offerOf(tx.db, { communityId, now: tx.now });
    if (offer === null) return new OfferNotFound();
    if (offer.toMemberId !== own.id && own.role !== Role.OWNER) return new OfferNotFound();

    await tx.db.query('DELETE FROM ownership_offer WHERE community_id = $1', [communityId]);
    await recordAudit(tx, {
      action: 'ownership.declined',
      communityId,
      subject: { type: 'Member', id: offer.toMemberId },
    });
    return offer;
  },
);

const ownMembership = async (tx: Tx, communityId: CommunityId): Promise<Member | null> => {
  const own = await memberOf(tx.db, { communityId, accountId: requireUser(tx).accountId });
  return own?.status === MemberStatus.ACTIVE ? own : null;
};
