import type { MemberId } from '@lyceum/contracts';
import { UserError, type Tx } from '@lyceum/platform';
import { Field, ObjectType } from 'type-graphql';
import { isModerator, type Acting } from '../communities/rights';

@ObjectType({ implements: UserError })
export class PrivilegeWithheld extends UserError {
  readonly code = 'PRIVILEGE_WITHHELD' as const;
  readonly message = 'You need more points to do this; `Member.privileges` says how many.';
  @Field(() => String, { description: 'As in the rules of the community: `downvote`.' })
  readonly privilege: string;
  constructor(privilege: string) {
    super();
    this.privilege = privilege;
  }
}

/**
 * Null when the member may: by its points, as reputation last told, or because it keeps order here. Who was never
 * told of may do everything, so a community without such rules works without reputation.
 */
export const withheld = async (
  tx: Pick<Tx, 'db'>,
  member: Acting & { readonly memberId: MemberId },
  privilege: string,
): Promise<PrivilegeWithheld | null> => {
  if (isModerator(member)) return null;
  const rows = await tx.db.query<unknown[]>(
    'SELECT FROM withheld_privileges WHERE member_id = $1 AND $2 = ANY(names)',
    [member.memberId, privilege],
  );
  return rows.length === 0 ? null : new PrivilegeWithheld(privilege);
};
