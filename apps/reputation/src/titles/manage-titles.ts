import {
  isId,
  newId,
  TitleGranted,
  TitleRevoked,
  type CommunityId,
  type MemberId,
} from '@lyceum/contracts';
import { useCase, type Ctx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int } from 'type-graphql';
import {
  actingMember,
  learnActingMember,
  mayAdminister,
  NotCommunityAdmin,
} from '../communities/acting-member';
import { query } from '../sql';
import {
  isByHand,
  MemberTitle,
  Title,
  titleById,
  TitleInvalid,
  TitleNotFound,
  type TitleGrantId,
  type TitleId,
} from './title.types';
import { grantById } from './titles-of-members';

@InputType()
export class DefineTitleInput {
  @Field(() => ID) communityId!: CommunityId;
  @Field(() => String) name!: string;
  @Field(() => String, { defaultValue: '' }) description!: string;
  @Field(() => Int, { nullable: true, description: 'For who has reached that level.' })
  level?: number | null;
  @Field(() => String, { nullable: true, description: 'For who has that badge of the rules.' })
  badge?: string | null;
  @Field(() => Int, { nullable: true, description: 'For who was so well placed in a contest.' })
  contestPlace?: number | null;
}

@InputType()
export class RetireTitleInput {
  @Field(() => ID) titleId!: TitleId;
}

@InputType()
export class GrantTitleInput {
  @Field(() => ID) titleId!: TitleId;
  @Field(() => ID) memberId!: MemberId;
  @Field(() => String, { description: '3 to 500 characters, for all to read.' }) reason!: string;
  @Field(() => Date, { nullable: true, description: 'When the member has it no more.' })
  endsAt?: Date | null;
}

@InputType()
export class RevokeTitleInput {
  @Field(() => ID) grantId!: TitleGrantId;
  @Field(() => String, { description: '3 to 500 characters.' }) reason!: string;
}

export const DefineTitleResult = createUnionType({
  name: 'DefineTitleResult',
  types: () => [Title, TitleInvalid, NotCommunityAdmin] as const,
});
export const RetireTitleResult = createUnionType({
  name: 'RetireTitleResult',
  types: () => [Title, TitleNotFound, NotCommunityAdmin] as const,
});
export const GrantTitleResult = createUnionType({
  name: 'GrantTitleResult',
  types: () => [MemberTitle, TitleNotFound, TitleInvalid, NotCommunityAdmin] as const,
});
export const RevokeTitleResult = createUnionType({
  name: 'RevokeTitleResult',
  types: () => [MemberTitle, TitleNotFound, TitleInvalid, NotCommunityAdmin] as const,
});

/** Makes a title. One by rule is had by whoever the rule is true of, as long as it is. */
export const defineTitle = async (
  ctx: Ctx,
  input: DefineTitleInput,
): Promise<typeof DefineTitleResult> => {
  await learnActingMember(ctx, input.communityId);
  return define(ctx, input);
};

const problemOf = (input: DefineTitleInput): string | null => {
  const { name, description, level, badge, contestPlace } = input;
  if (name.trim() === '' || name.length > 60) return 'A name has 1 to 60 characters.';
  if (description.length > 500) return 'A description has at most 500 characters.';
  if ([level, badge, contestPlace].filter((one) => one != null).length > 1)
    return 'A title is for a level, a badge or a place: one of them.';
  if ((level ?? 1) < 1 || (contestPlace ?? 1) < 1) return 'Levels and places begin with 1.';
  return badge != null && !/^[a-z][a-z0-9-]{0,59}$/.test(badge) ? 'There is no such badge.' : null;
};

const define = useCase(async (tx, input: DefineTitleInput): Promise<typeof DefineTitleResult> => {
  const member = await actingMember(tx, input.communityId);
  if (member === null || !mayAdminister(member)) return new NotCommunityAdmin();
  const problem = problemOf(input);
  if (problem !== null) return new TitleInvalid(problem);
  const id = newId<'Title'>();
  const written = await query(
    tx.db,
    `INSERT INTO title (id, community_id, name, description, level, badge, contest_place, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id`,
    [
      ...[id, input.communityId, input.name.trim(), input.description, input.level ?? null],
      ...[input.badge ?? null, input.contestPlace ?? null, member.memberId],
    ],
  );
  const title = written.length === 0 ? null : await titleById(tx.db, id);
  return title ?? new TitleInvalid('There is a title of that name.');
});

/** Nobody has it any more. */
export const retireTitle = async (
  ctx: Ctx,
  input: RetireTitleInput,
): Promise<typeof RetireTitleResult> => {
  await learnMemberOf(ctx, isId(input.titleId) ? await titleById(ctx.db, input.titleId) : null);
  return retire(ctx, input);
};

const learnMemberOf = async (ctx: Ctx, title: Title | null): Promise<void> => {
  if (title !== null) await learnActingMember(ctx, title.communityId);
};

const retire = useCase(
  async (tx, { titleId }: RetireTitleInput): Promise<typeof RetireTitleResult> => {
    const title = isId(titleId) ? await titleById(tx.db, titleId) : null;
    if (title === null) return new TitleNotFound();
    if (!mayAdminister(await actingMember(tx, title.communityId))) return new NotCommunityAdmin();
    await tx.db.query('UPDATE title SET retired_at = $2 WHERE id = $1', [title.id, tx.now]);
    return title;
  },
);

/** Gives a title that goes by no rule, until it ends or is taken away. Who has it gets it no second time. */
export const grantTitle = async (
  ctx: Ctx,
  input: GrantTitleInput,
): Promise<typeof GrantTitleResult> => {
  await learnMemberOf(ctx, isId(input.titleId) ? await titleById(ctx.db, input.titleId) : null);
  return grant(ctx, input);
};

const isReason = (text: string): boolean => text.length >= 3 && text.length <= 500;

const grant = useCase(async (tx, input: GrantTitleInput): Promise<typeof GrantTitleResult> => {
  const title = isId(input.titleId) ? await titleById(tx.db, input.titleId) : null;
  if (title === null) return new TitleNotFound();
  const admin = await actingMember(tx, title.communityId);
  if (admin === null || !mayAdminister(admin)) return new NotCommunityAdmin();
  const reason = input.reason.trim();
  if (!isReason(reason)) return new TitleInvalid('Say why, in 3 to 500 characters.');
  if (!isByHand(title)) return new TitleInvalid('This title goes by a rule.');
  if (input.endsAt != null && input.endsAt <= tx.now)
    return new TitleInvalid('It would have ended already.');
  const members = isId(input.memberId)
    ? await query(
        tx.db,
        // Locked, so that a member gets a title once however many give it at once.
        `SELECT FROM member_standing WHERE member_id = $1 AND community_id = $2 AND status = 'active' FOR NO KEY UPDATE`,
        [input.memberId, title.communityId],
      )
    : [];
  if (members.length === 0) return new TitleInvalid('There is no such active member.');
  const [had] = await query<{ id: TitleGrantId }>(
    tx.db,
    `SELECT id FROM title_grant WHERE title_id = $1 AND member_id = $2 AND revoked_at IS NULL
       AND (ends_at IS NULL OR ends_at > $3)`,
    [title.id, input.memberId, tx.now],
  );
  if (had !== undefined) return (await grantById(tx.db, had.id)) ?? new TitleNotFound();

  const id = newId<'TitleGrant'>();
  await tx.db.query(
    `INSERT INTO title_grant (id, title_id, member_id, reason, granted_by, granted_at, ends_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, title.id, input.memberId, reason, admin.memberId, tx.now, input.endsAt ?? null],
  );
  await tx.emit(TitleGranted, {
    ...{ grantId: id, communityId: title.communityId, memberId: input.memberId, reason },
    ...{ title: title.name, endsAt: input.endsAt?.toISOString() ?? null },
  });
  return (await grantById(tx.db, id)) ?? new TitleNotFound();
});

/** Takes away what was given by hand. Twice is once. */
export const revokeTitle = async (
  ctx: Ctx,
  input: RevokeTitleInput,
): Promise<typeof RevokeTitleResult> => {
  const given = isId(input.grantId) ? await grantById(ctx.db, input.grantId) : null;
  await learnMemberOf(ctx, given?.title ?? null);
  return revoke(ctx, input);
};

const revoke = useCase(
  async (tx, { grantId, reason }: RevokeTitleInput): Promise<typeof RevokeTitleResult> => {
    const given = isId(grantId) ? await grantById(tx.db, grantId) : null;
    if (given === null) return new TitleNotFound();
    const { title, memberId } = given;
    const admin = await actingMember(tx, title.communityId);
    if (admin === null || !mayAdminister(admin)) return new NotCommunityAdmin();
    const because = reason.trim();
    if (!isReason(because)) return new TitleInvalid('Say why, in 3 to 500 characters.');
    const revoked = await query(
      tx.db,
      `UPDATE title_grant SET revoked_at = $2, revoked_by = $3, revoked_because = $4
       WHERE id = $1 AND revoked_at IS NULL RETURNING id`,
      [grantId, tx.now, admin.memberId, because],
    );
    if (revoked.length === 0) return given;
    await tx.emit(TitleRevoked, {
      ...{ grantId, communityId: title.communityId, memberId, title: title.name, reason: because },
    });
    return given;
  },
);
