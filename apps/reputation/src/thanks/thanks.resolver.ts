import { may, type MemberId } from '@lyceum/contracts';
import {
  type BatchQuery,
  type Connection,
  type Ctx,
  idIn,
  load,
  PageArgs,
  parsePage,
  toConnection,
} from '@lyceum/platform';
import {
  Arg,
  Args,
  Authorized,
  Ctx as Context,
  FieldResolver,
  Int,
  Mutation,
  Resolver,
  Root,
} from 'type-graphql';
import { learnActingMember } from '../communities/acting-member';
import { Community } from '../communities/community.type';
import { Member } from '../members/member.type';
import { Subject, subjectOf } from '../posts/subject.type';
import { query } from '../sql';
import {
  removeThanks,
  RemoveThanksInput,
  RemoveThanksResult,
  reportThanks,
  ReportThanksInput,
  ReportThanksResult,
} from './moderate-thanks';
import { thankMember, ThankMemberInput, ThankMemberResult } from './thank-member';
import { selectThanks, Thanks, ThanksConnection } from './thanks.types';

@Resolver(() => Thanks)
export class ThanksResolver {
  @FieldResolver(() => Subject, { nullable: true, description: 'What it is for.' })
  post(@Root() thanks: Thanks): typeof Subject | null {
    return subjectOf(thanks);
  }

  @Authorized()
  @Mutation(() => ThankMemberResult)
  thankMember(
    @Context() ctx: Ctx,
    @Arg('input', () => ThankMemberInput) input: ThankMemberInput,
  ): Promise<typeof ThankMemberResult> {
    return thankMember(ctx, input);
  }

  @Authorized()
  @Mutation(() => RemoveThanksResult, { description: 'For who gave it, and the staff.' })
  removeThanks(
    @Context() ctx: Ctx,
    @Arg('input', () => RemoveThanksInput) input: RemoveThanksInput,
  ): Promise<typeof RemoveThanksResult> {
    return removeThanks(ctx, input);
  }

  @Authorized()
  @Mutation(() => ReportThanksResult)
  reportThanks(
    @Context() ctx: Ctx,
    @Arg('input', () => ReportThanksInput) input: ReportThanksInput,
  ): Promise<typeof ReportThanksResult> {
    return reportThanks(ctx, input);
  }
}

const receivedBy: BatchQuery<MemberId, { readonly n: number }> = async ({ db }, ids) => {
  const rows = await query<{ id: MemberId; n: number }>(
    db,
    `SELECT receiver_id AS id, count(*)::int AS n FROM thanks
     WHERE receiver_id = ANY($1) AND removed_at IS NULL GROUP BY receiver_id`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
};

@Resolver(() => Member)
export class MemberThanksResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'How often others thanked. Counted by itself: no points, no money.',
  })
  async thanksCount(@Root() { id }: Member, @Context() ctx: Ctx): Promise<number> {
    return (await load(ctx, receivedBy, id))?.n ?? 0;
  }

  @FieldResolver(() => ThanksConnection, { nullable: true, description: 'The latest first.' })
  async thanks(
    @Root() { id }: Member,
    @Context() ctx: Ctx,
    @Args(() => PageArgs) page: PageArgs,
  ): Promise<Connection<Thanks>> {
    const list = `thanks:${id}`;
    const { first, after } = parsePage(list, page);
    const rows = await selectThanks(
      ctx.db,
      'receiver_id = $1 AND removed_at IS NULL AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3',
      [id, idIn(after), first + 1],
    );
    return toConnection(rows, { list, first, positionOf: (row) => [row.id] });
  }
}

@Resolver(() => Community)
export class CommunityThanksResolver {
  @FieldResolver(() => [Thanks], {
    nullable: true,
    description: 'The latest hundred notes that members reported; for the staff, none for others.',
  })
  async reportedThanks(@Root() { id }: Community, @Context() ctx: Ctx): Promise<Thanks[] | null> {
    if (ctx.actor.kind !== 'user') return null;
    const member = await learnActingMember(ctx, id);
    if (!may(member?.role ?? null, 'thanks.moderate')) return null;
    return selectThanks(
      ctx.db,
      `removed_at IS NULL AND id IN (SELECT thanks_id FROM thanks_report WHERE community_id = $1) ORDER BY id DESC LIMIT 100`,
      [id],
    );
  }
}
