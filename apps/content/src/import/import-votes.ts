import {
  AcceptanceRecorded,
  FavouriteRecorded,
  VoteRecorded,
  type AnswerId,
  type CommunityId,
  type MemberId,
  type QuestionId,
  type VoteId,
} from '@lyceum/contracts';
import { importStep, type ImportStep, type PendingEvent } from '@lyceum/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { closeBounties, offerBounties } from './import-bounties';
import type {
  ImportedAcceptance,
  ImportedFavourite,
  ImportedInto,
  ImportedVote,
  ImportedVotes,
} from './records';
import { targets, told, type ToldRow } from './told';

/** Whose votes they are, and what the events they give rise to are asked by. */
export interface Asked {
  readonly communityId: CommunityId;
  readonly requestId: string;
}

/**
 * Votes of every kind on posts that are here. Scores and counts stay: the source's posts brought them. Votes of
 * systems that don't tell who voted have no voter.
 */
export const importVotes = (
  dataSource: DataSource,
  step: ImportStep,
  { communityId, ...all }: ImportedInto & ImportedVotes,
): Promise<number> =>
  importStep(dataSource, step, async (db) => {
    const asked = { communityId, requestId: step.source };
    const events = [
      ...(await castVotes(db, asked, all.votes)),
      ...(await dateAcceptances(db, asked, all.acceptances)),
      ...(await addFavourites(db, asked, all.favourites)),
      ...(await offerBounties(db, asked, all.bountyOffers)),
      ...(await closeBounties(db, asked, all.bountyCloses)),
    ];
    return { written: events.length, events };
  });

interface VotedRow extends ToldRow {
  readonly id: VoteId;
  readonly value: 1 | -1;
  readonly target_type: 'question' | 'answer';
  readonly post_id: string;
  readonly target_author_id: MemberId | null;
  readonly earns_points: boolean;
}

const castVotes = async (
  db: EntityManager,
  { communityId, requestId }: Asked,
  votes: readonly ImportedVote[],
): Promise<PendingEvent[]> => {
  if (votes.length === 0) return [];
  const rows = votes.map(({ id, eventId, postId, value, createdAt }) => ({
    id,
    event_id: eventId,
    post_id: postId,
    value,
    created_at: createdAt,
  }));
  const voted = await db.query<VotedRow[]>(insertVotes, [JSON.stringify(rows), communityId]);
  return voted.map((row) =>
    told(
      VoteRecorded,
      { row, requestId },
      {
        communityId,
        voteId: row.id,
        version: 1,
        value: row.value,
        targetType: row.target_type,
        targetId: row.post_id,
        targetAuthorId: row.target_author_id,
        voterId: null,
        earnsPoints: row.earns_points,
      },
    ),
  );
};

const insertVotes = `
  WITH input AS (
    SELECT * FROM json_to_recordset($1::json)
      AS input (id uuid, event_id uuid, post_id uuid, value smallint, created_at timestamptz)
  ), ${targets}, cast_votes AS (
    INSERT INTO vote (id, community_id, target_type, target_id, value, created_at)
    SELECT id, $2, target_type, post_id, value, created_at FROM target
    ON CONFLICT DO NOTHING RETURNING id
  )
  SELECT id, value, target_type, post_id, target_author_id, earns_points, event_id, created_at
  FROM target JOIN cast_votes USING (id)`;

interface AcceptedRow extends ToldRow {
  readonly question_id: QuestionId;
  readonly answer_id: AnswerId;
  readonly answer_author_id: MemberId | null;
  readonly asker_id: MemberId | null;
  readonly earns_points: boolean;
}

const dateAcceptances = async (
  db: EntityManager,
  { communityId, requestId }: Asked,
  acceptances: readonly ImportedAcceptance[],
): Promise<PendingEvent[]> => {
  if (acceptances.length === 0) return [];
  const rows = acceptances.map(({ answerId, eventId, createdAt }) => ({
    post_id: answerId,
    event_id: eventId,
    created_at: createdAt,
  }));
  const accepted = await db.query<[AcceptedRow[], number]>(updateAcceptances, [
    JSON.stringify(rows),
  ]);
  return accepted[0].map((row) =>
    told(
      AcceptanceRecorded,
      { row, requestId },
      {
        communityId,
        questionId: row.question_id,
        version: 1,
        answerId: row.answer_id,
        answerAuthorId: row.answer_author_id,
        askerId: row.asker_id,
        earnsPoints: row.earns_points,
      },
    ),
  );
};

const updateAcceptances = `
  WITH input AS (
    SELECT DISTINCT ON (post_id) * FROM json_to_recordset($1::json)
      AS input (post_id uuid, event_id uuid, created_at timestamptz) ORDER BY post_id, created_at, event_id
  ), ${targets}
  UPDATE question SET accepted_at = target.created_at, acceptance_version = 1 FROM target
  WHERE question.id = target_question_id AND accepted_answer_id = post_id AND acceptance_version = 0
  RETURNING question.id AS question_id, post_id AS answer_id, target_author_id AS answer_author_id,
    question.author_id AS asker_id, earns_points, event_id, target.created_at`;

interface FavouredRow extends ToldRow {
  readonly question_id: QuestionId;
  readonly member_id: MemberId;
}

const addFavourites = async (
  db: EntityManager,
  { communityId, requestId }: Asked,
  favourites: readonly ImportedFavourite[],
): Promise<PendingEvent[]> => {
  if (favourites.length === 0) return [];
  const rows = favourites.map(({ questionId, memberId, eventId, createdAt }) => ({
    question_id: questionId,
    member_id: memberId,
    event_id: eventId,
    created_at: createdAt,
  }));
  const favoured = await db.query<FavouredRow[]>(insertFavourites, [
    JSON.stringify(rows),
    communityId,
  ]);
  return favoured.map((row) =>
    told(
      FavouriteRecorded,
      { row, requestId },
      {
        communityId,
        questionId: row.question_id,
        memberId: row.member_id,
        version: 1,
        isFavourite: true,
      },
    ),
  );
};

const insertFavourites = `
  WITH input AS (
    SELECT DISTINCT ON (question_id, member_id) input.* FROM json_to_recordset($1::json)
      AS input (question_id uuid, member_id uuid, event_id uuid, created_at timestamptz)
      JOIN question ON question.id = question_id
    ORDER BY question_id, member_id, input.created_at, event_id
  ), favoured AS (
    INSERT INTO favourite (question_id, member_id, community_id, created_at)
    SELECT question_id, member_id, $2, created_at FROM input
    ON CONFLICT DO NOTHING RETURNING question_id, member_id
  )
  SELECT question_id, member_id, event_id, created_at FROM input JOIN favoured USING (question_id, member_id)`;
