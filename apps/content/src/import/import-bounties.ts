import {
  BountyAwarded,
  BountyOffered,
  type AnswerId,
  type BountyId,
  type MemberId,
  type QuestionId,
} from '@lyceum/contracts';
import type { PendingEvent } from '@lyceum/platform';
import type { EntityManager } from 'typeorm';
import type { Asked } from './import-votes';
import type { ImportedBountyClose, ImportedBountyOffer } from './records';
import { told, type ToldRow } from './told';

interface OfferedRow extends ToldRow {
  readonly id: BountyId;
  readonly question_id: QuestionId;
  readonly offerer_id: MemberId | null;
  readonly amount: number;
}

/** Bounties on questions that are here. They have no date at which this system would end them. */
export const offerBounties = async (
  db: EntityManager,
  { communityId, requestId }: Asked,
  offers: readonly ImportedBountyOffer[],
): Promise<PendingEvent[]> => {
  if (offers.length === 0) return [];
  const rows = offers.map((offer) => ({
    id: offer.id,
    event_id: offer.eventId,
    question_id: offer.questionId,
    offerer_id: offer.offererId,
    amount: offer.amount,
    created_at: offer.createdAt,
  }));
  const offered = await db.query<OfferedRow[]>(insertOffers, [JSON.stringify(rows), communityId]);
  return offered.map((row) =>
    told(
      BountyOffered,
      { row, requestId },
      {
        communityId,
        bountyId: row.id,
        questionId: row.question_id,
        offererId: row.offerer_id,
        amount: row.amount,
      },
    ),
  );
};

const insertOffers = `
  WITH input AS (
    SELECT input.* FROM json_to_recordset($1::json) AS input (id uuid, event_id uuid, question_id uuid,
      offerer_id uuid, amount int, created_at timestamptz)
      JOIN question ON question.id = question_id
  ), offered AS (
    INSERT INTO bounty (id, community_id, question_id, offerer_id, amount, offered_at)
    SELECT id, $2, question_id, offerer_id, amount, created_at FROM input
    ON CONFLICT DO NOTHING RETURNING id
  )
  SELECT id, question_id, offerer_id, amount, event_id, created_at FROM input JOIN offered USING (id)`;

interface Post {
  readonly questionId: QuestionId;
  readonly answerId: AnswerId | null;
  readonly authorId: MemberId | null;
}

/** Ends bounties, each the oldest open one of its question. One by one: they are few, and later ones meet earlier ones. */
export const closeBounties = async (
  db: EntityManager,
  asked: Asked,
  closes: readonly ImportedBountyClose[],
): Promise<PendingEvent[]> => {
  const events: PendingEvent[] = [];
  for (const close of closes) {
    const event = await closeBounty(db, asked, close);
    if (event !== null) events.push(event);
  }
  return events;
};

const closeBounty = async (
  db: EntityManager,
  { communityId, requestId }: Asked,
  close: ImportedBountyClose,
): Promise<PendingEvent | null> => {
  const post = await postOf(db, close.postId);
  if (post === null || (await isClosedAlready(db, { close, post }))) return null;
  const award = awardOf(post, close);
  const bountyId = await endBounty(db, { communityId, close, post, award });
  if (award === null || bountyId === null) return null;
  return told(
    BountyAwarded,
    { row: { event_id: close.eventId, created_at: new Date(close.createdAt) }, requestId },
    { communityId, bountyId, recipientId: post.authorId, ...award },
  );
};

interface Award {
  readonly answerId: AnswerId;
  readonly amount: number;
}

const awardOf = ({ answerId }: Post, { amount }: ImportedBountyClose): Award | null =>
  answerId === null || amount === null ? null : { answerId, amount };

const postOf = async (db: EntityManager, postId: string): Promise<Post | null> => {
  const [post] = await db.query<Post[]>(
    `SELECT question_id AS "questionId", id AS "answerId", author_id AS "authorId" FROM answer WHERE id = $1
     UNION ALL
     SELECT id, NULL, NULL FROM question WHERE id = $1`,
    [postId],
  );
  return post ?? null;
};

const isClosedAlready = async (
  db: EntityManager,
  { close, post }: { close: ImportedBountyClose; post: Post },
): Promise<boolean> => {
  const rows = await db.query<unknown[]>(
    `SELECT FROM bounty WHERE question_id = $1 AND closed_at = $2 AND awarded_answer_id IS NOT DISTINCT FROM $3`,
    [post.questionId, close.createdAt, close.amount === null ? null : post.answerId],
  );
  return rows.length > 0;
};

interface Ending {
  readonly communityId: string;
  readonly close: ImportedBountyClose;
  readonly post: Post;
  readonly award: Award | null;
}

/** The bounty that ended. When its offer isn't known, an awarded one is made up: its answer shows what it won. */
const endBounty = async (
  db: EntityManager,
  { communityId, close, post, award }: Ending,
): Promise<BountyId | null> => {
  const [ended] = await db.query<[{ id: BountyId }[], number]>(
    `UPDATE bounty SET closed_at = $2, awarded_answer_id = $3, awarded_amount = $4
     WHERE id = (SELECT id FROM bounty WHERE question_id = $1 AND closed_at IS NULL AND expires_at IS NULL
       AND offered_at <= $2 ORDER BY offered_at, id LIMIT 1)
     RETURNING id`,
    [post.questionId, close.createdAt, award?.answerId ?? null, award?.amount ?? null],
  );
  if (ended[0] !== undefined) return ended[0].id;
  if (award === null) return null;
  const made = await db.query<{ id: BountyId }[]>(
    `INSERT INTO bounty (id, community_id, question_id, amount, offered_at, closed_at, awarded_answer_id, awarded_amount)
     VALUES ($1, $2, $3, $4, $5, $5, $6, $4) ON CONFLICT DO NOTHING RETURNING id`,
    [close.id, communityId, post.questionId, award.amount, close.createdAt, award.answerId],
  );
  return made[0]?.id ?? null;
};
