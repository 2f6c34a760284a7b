import { isId, type CommunityId } from '@lyceum/contracts';
import { requireUser, useCase, UserError } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { CommunityNotFound } from '../communities/community.errors';
import { Member, MemberStatus } from '../memberships/member.entity';
import { NotAMember } from '../memberships/member.errors';
import { memberOf } from '../memberships/member.queries';
import { charterVersion } from './charter.queries';
import { writeAcceptance } from './charter.writes';

@InputType({ description: 'Which version one has read and accepts.' })
export class AcceptCharterInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => Int) version!: number;
}

@ObjectType({ implements: UserError, description: 'The community has no such version.' })
export class CharterNotFound extends UserError {
  readonly code = 'CHARTER_NOT_FOUND' as const;
  readonly message = 'There is no such version of the rules.';
}

export const AcceptCharterResult = createUnionType({
  name: 'AcceptCharterResult',
  types: () => [Member, CommunityNotFound, NotAMember, CharterNotFound] as const,
});
export type AcceptCharterOutcome = Member | CommunityNotFound | NotAMember | CharterNotFound;

/** The version is named by who accepts it: nobody accepts what came into force while they were reading. */
export const acceptCharter = useCase(
  async (tx, { communityId, version }: AcceptCharterInput): Promise<AcceptCharterOutcome> => {
    const { accountId } = requireUser(tx);
    if (!isId(communityId)) return new CommunityNotFound();
    const member = await memberOf(tx.db, { communityId, accountId });
    if (member?.status !== MemberStatus.ACTIVE) return new NotAMember();
    const charter = await charterVersion(tx.db, { communityId, version });
    if (charter === null) return new CharterNotFound();

    await writeAcceptance(tx, member, version);
    return member;
  },
);
