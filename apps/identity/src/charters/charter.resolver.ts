import { isId, type MemberId } from '@lyceum/contracts';
import { load, Scopes, type Ctx } from '@lyceum/platform';
import {
  Arg,
  Authorized,
  Ctx as Context,
  Directive,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Community } from '../communities/community.entity';
import { Member } from '../memberships/member.entity';
import { viewerMembers } from '../memberships/member.queries';
import {
  acceptCharter,
  AcceptCharterInput,
  AcceptCharterResult,
  type AcceptCharterOutcome,
} from './accept-charter';
import { acceptedVersions, chartersInForce, chartersOfCommunities } from './charter.queries';
import { Charter } from './charter.type';
import {
  publishCharter,
  PublishCharterInput,
  PublishCharterResult,
  type PublishCharterOutcome,
} from './publish-charter';

@Resolver(() => Community)
export class CharterResolver {
  @FieldResolver(() => Charter, { nullable: true, description: 'The version in force.' })
  charter(@Context() ctx: Ctx, @Root() { id }: Community): Promise<Charter | null> {
    return load(ctx, chartersInForce, id);
  }

  @FieldResolver(() => [Charter], {
    description: 'The newest 50 versions, the newest first; those to come too.',
  })
  async charters(@Context() ctx: Ctx, @Root() { id }: Community): Promise<readonly Charter[]> {
    return (await load(ctx, chartersOfCommunities, id)) ?? [];
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether the viewer must accept the version in force before writing.',
  })
  async viewerMustAcceptCharter(@Context() ctx: Ctx, @Root() { id }: Community): Promise<boolean> {
    const member = await load(ctx, viewerMembers, id);
    const charter = member === null ? null : await load(ctx, chartersInForce, id);
    if (member === null || charter === null) return false;
    return ((await load(ctx, acceptedVersions, member.id)) ?? 0) < charter.version;
  }

  @Scopes('admin')
  @Authorized()
  @Mutation(() => PublishCharterResult, { description: 'For owners and administrators.' })
  publishCharter(
    @Context() ctx: Ctx,
    @Arg('input', () => PublishCharterInput) input: PublishCharterInput,
  ): Promise<PublishCharterOutcome> {
    return publishCharter(ctx, input);
  }

  @Authorized()
  @Mutation(() => AcceptCharterResult, { description: 'Accepting twice changes nothing.' })
  acceptCharter(
    @Context() ctx: Ctx,
    @Arg('input', () => AcceptCharterInput) input: AcceptCharterInput,
  ): Promise<AcceptCharterOutcome> {
    return acceptCharter(ctx, input);
  }

  @Directive('@inaccessible')
  @Query(() => Int, {
    description: 'For services whose projection has not heard of the acceptance: 0 for none.',
  })
  async internalAcceptedCharter(
    @Context() ctx: Ctx,
    @Arg('memberId', () => ID) memberId: MemberId,
  ): Promise<number> {
    return isId(memberId) ? ((await load(ctx, acceptedVersions, memberId)) ?? 0) : 0;
  }
}

@Resolver(() => Member)
export class MemberCharterResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description: "The newest version of the community's charter that the member has accepted.",
  })
  acceptedCharterVersion(@Context() ctx: Ctx, @Root() { id }: Member): Promise<number | null> {
    return load(ctx, acceptedVersions, id);
  }
}
