import { MemberJoined, MembershipChanged, type CommunityId } from '@lyceum/contracts';
import { importStep, sqlState, type ImportStep, type PendingEvent } from '@lyceum/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { distinctHandleOf, handleOf } from './handle';
import type { ImportedPerson } from './records';

const uniqueViolation = '23505';

/** Accounts without e-mail and password, and their memberships. People who are there already stay as they are. */
export const importPeople = async (
  dataSource: DataSource,
  step: ImportStep,
  batch: { readonly communityId: CommunityId; readonly people: readonly ImportedPerson[] },
): Promise<number> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await importStep(dataSource, step, (db) => write(db, { ...batch, step }));
    } catch (error) {
      // Somebody registered with a handle between our look and our insert: look again.
      if (attempt === 3 || sqlState(error) !== uniqueViolation) throw error;
    }
  }
};

interface Batch {
  readonly communityId: CommunityId;
  readonly people: readonly ImportedPerson[];
  readonly step: ImportStep;
}

const write = async (db: EntityManager, { communityId, people, step }: Batch) => {
  const rows = people.map((person) => ({
    account_id: person.accountId,
    member_id: person.memberId,
    imported_from: person.importedFrom,
    display_name: person.displayName,
    handle: handleOf(person.displayName),
    distinct_handle: distinctHandleOf(person.displayName, person.accountId),
    joined_at: person.joinedAt,
  }));
  await db.query(insertAccounts, [JSON.stringify(rows)]);
  const joined = await db.query<
    {
      id: string;
    }[]
  >(insertMembers, [JSON.stringify(rows), communityId]);
  const isNew = new Set(joined.map(({ id }) => id));
  const events = people
    .filter(({ memberId }) => isNew.has(memberId))
    .flatMap((person) => told(person, { communityId, step }));
  return { written: joined.length, events };
};

/** The first of those who would have a handle gets it, unless it is taken; the others get one of their own. */
const insertAccounts = `
  WITH input AS (
    SELECT row.*, row_number() OVER (PARTITION BY lower(handle) ORDER BY joined_at, account_id) AS turn
    FROM json_to_recordset($1::json) AS row (account_id uuid, display_name text, handle text, distinct_handle text,
      imported_from text, joined_at timestamptz)
    WHERE NOT EXISTS (SELECT FROM account WHERE account.id = row.account_id)
  )
  INSERT INTO account (id, handle, display_name, imported_from, created_at)
  SELECT account_id,
    CASE WHEN turn = 1 AND NOT EXISTS (SELECT FROM account WHERE lower(account.handle) = lower(input.handle))
      THEN handle ELSE distinct_handle END,
    display_name, imported_from, joined_at
  FROM input
  ON CONFLICT (id) DO NOTHING`;

const insertMembers = `
  INSERT INTO member (id, account_id, community_id, joined_at)
  SELECT member_id, account_id, $2, joined_at
  FROM json_to_recordset($1::json) AS row (member_id uuid, account_id uuid, joined_at timestamptz)
  ON CONFLICT DO NOTHING
  RETURNING id`;

const told = (
  { accountId, memberId, joinedAt, joinedEventId, membershipEventId }: ImportedPerson,
  { communityId, step }: { communityId: CommunityId; step: ImportStep },
): PendingEvent[] => {
  const ids = { accountId, memberId, communityId };
  const common = { occurredAt: new Date(joinedAt), requestId: step.source };
  const membership = { ...ids, role: 'member', status: 'active', version: 1 };
  return [
    { ...common, id: joinedEventId, type: MemberJoined, payload: MemberJoined.payload.parse(ids) },
    {
      ...common,
      id: membershipEventId,
      type: MembershipChanged,
      payload: MembershipChanged.payload.parse(membership),
    },
  ];
};
