import {
  AlertChanged,
  may,
  SubscriptionNoticeDue,
  type AccountId,
  type CommunityId,
  type PayloadOf,
} from '@lyceum/contracts';
import { consume, type Tx } from '@lyceum/platform';
import { writeMail } from '../mail/write-mail';
import { MemberStatus } from '../memberships/member.entity';
import { memberOf } from '../memberships/member.queries';

/**
 * Mails what other domains have to tell a person. About a subscription it is part of the contract, so it needs no
 * consent; of an alert only who set it is told, as long as it may see the metric: deleting the alert ends the mails.
 */
export const mailNotices = consume({
  name: 'identity.mail-notices',
  destination: 'identity',
  types: [SubscriptionNoticeDue, AlertChanged],
  handle: async (tx, events) => {
    for (const { payload } of events)
      await ('notice' in payload ? mailSubscriber(tx, payload) : mailAnalyst(tx, payload));
  },
});

const mailSubscriber = async (
  tx: Tx,
  { accountId, communityId, notice, at }: PayloadOf<typeof SubscriptionNoticeDue>,
): Promise<void> =>
  writeMail(tx, {
    accountId,
    template: `subscription-${notice}`,
    details: { ...(await communityDetails(tx, { accountId, communityId })), at },
  });

const mailAnalyst = async (
  tx: Tx,
  { createdBy, communityId, name, isFiring, reason }: PayloadOf<typeof AlertChanged>,
): Promise<void> => {
  if (createdBy === undefined) return;
  const member = await memberOf(tx.db, { communityId, accountId: createdBy });
  if (member?.status !== MemberStatus.ACTIVE || !may(member.role, 'metrics.read')) return;
  await writeMail(tx, {
    accountId: createdBy,
    template: isFiring ? 'alert-began' : 'alert-over',
    details: {
      ...(await communityDetails(tx, { accountId: createdBy, communityId })),
      alert: name,
      reason,
    },
  });
};

/** The community's name, and the zone in which the reader has set times to be shown. */
const communityDetails = async (
  tx: Tx,
  { accountId, communityId }: { accountId: AccountId; communityId: CommunityId },
): Promise<Record<string, string>> => {
  const [row] = await tx.db.query<{ community: string; zone: string }[]>(
    `SELECT c.name AS community, a.time_zone AS zone FROM community AS c, account AS a
     WHERE c.id = $1 AND a.id = $2`,
    [communityId, accountId],
  );
  return { ...row };
};
