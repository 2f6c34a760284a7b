import type { CommunityId, MemberId } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import { isAuthor, isModerator, type Acting, type Authored } from '../communities/rights';
import { PrivilegeWithheld } from './privilege-withheld';

type Db = Pick<Tx, 'db'>;

/** Null: rules gate it not, or nothing was told of the member yet. */
const stateOf = async (
  { db }: Db,
  memberId: MemberId,
  privilege: string,
): Promise<'withheld' | 'held' | null> => {
  const [known] = await db.query<{ isWithheld: boolean; isHeld: boolean }[]>(
    `SELECT $2 = ANY(names) AS "isWithheld", $2 = ANY(held) AS "isHeld" FROM withheld_privileges WHERE member_id = $1`,
    [memberId, privilege],
  );
  return known?.isWithheld === true ? 'withheld' : known?.isHeld === true ? 'held' : null;
};

/**
 * Of what every member may do unless rules gate it. Null when the member may: by its points, as reputation last told,
 * or because it keeps order here. Who was never told of may, so a community without such rules works without reputation.
 */
export const withheld = async (
  tx: Db,
  member: Acting,
  privilege: string,
): Promise<PrivilegeWithheld | null> => {
  if (isModerator(member)) return null;
  return (await stateOf(tx, member.memberId, privilege)) === 'withheld'
    ? new PrivilegeWithheld(privilege, member.memberId)
    : null;
};

/**
 * Of what only authors and moderators do unless rules let others. Null when the member may by its points; what to
 * say otherwise is that points are missing, or what is said where no rules speak of it.
 */
export const notGranted = async <Otherwise>(
  tx: Db,
  member: Acting,
  { privilege, otherwise }: { readonly privilege: string; readonly otherwise: Otherwise },
): Promise<PrivilegeWithheld | Otherwise | null> => {
  const state = await stateOf(tx, member.memberId, privilege);
  if (state === null) return otherwise;
  return state === 'held' ? null : new PrivilegeWithheld(privilege, member.memberId);
};

const link = /<(?:a|img)\b[^>]*?\b(?:href|src)="((?:https?:)?\/\/[^"]*)"/gi;
const linksIn = (html: string): string[] => [...html.matchAll(link)].map(([, to]) => to ?? '');

/** Links that were not there before take a privilege. */
export const withheldLinks = async (
  tx: Db,
  member: Acting,
  { before = '', after }: { readonly before?: string; readonly after: string },
): Promise<PrivilegeWithheld | null> => {
  const known = new Set(linksIn(before));
  return linksIn(after).some((to) => !known.has(to)) ? withheld(tx, member, 'post-links') : null;
};

/** To be the first to use a tag takes a privilege. */
export const withheldTags = async (
  tx: Db,
  member: Acting,
  { communityId, names }: { readonly communityId: CommunityId; readonly names: readonly string[] },
): Promise<PrivilegeWithheld | null> => {
  if (names.length === 0) return null;
  const refusal = await withheld(tx, member, 'create-tags');
  if (refusal === null) return null;
  const known = await tx.db.query<unknown[]>(
    'SELECT FROM tag WHERE community_id = $1 AND name = ANY($2)',
    [communityId, names],
  );
  return known.length < names.length ? refusal : null;
};

interface Saying {
  readonly title: string | null;
  readonly bodyHtml: string;
  readonly tags: readonly string[] | null;
}

export interface EditOf {
  readonly communityId: CommunityId;
  readonly before: Saying & Authored;
  readonly after: Saying;
}

/** What editing, or suggesting to edit, takes: for others' posts, for their tags, and for what is new in it. */
export const withheldEdit = async (
  tx: Db,
  member: Acting,
  { communityId, before, after }: EditOf,
): Promise<PrivilegeWithheld | null> => {
  const isOwn = isAuthor(member, before);
  const saysElse = before.title !== after.title || before.bodyHtml !== after.bodyHtml;
  return (
    (isOwn || !saysElse ? null : await withheld(tx, member, 'edit-posts')) ??
    (isOwn || !areOtherTags(before.tags, after.tags)
      ? null
      : await withheld(tx, member, 'edit-tags')) ??
    (await withheldLinks(tx, member, { before: before.bodyHtml, after: after.bodyHtml })) ??
    (await withheldTags(tx, member, { communityId, names: after.tags ?? [] }))
  );
};

export const areOtherTags = (
  before: readonly string[] | null,
  after: readonly string[] | null,
): boolean => after !== null && before?.join() !== after.join();
