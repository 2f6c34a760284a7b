import { personalDataOf, type PersonalTable } from '@lyceum/platform';

/*
 * Posts are never deleted, because others have answered them; their words are. What is left of a person is a member
 * without a name, whose votes and bounties still count.
 */

const removed = `'[removed]'`;
const isAuthor = 't.author_id = ANY($2)';
const isOnOwnPost = `t.target_id IN (
  SELECT id FROM question WHERE author_id = ANY($2) UNION ALL SELECT id FROM answer WHERE author_id = ANY($2)
  UNION ALL SELECT id FROM article WHERE author_id = ANY($2))`;

/** Everything content holds about a person; a test fails when a table is missing here. Revisions come before posts. */
export const personalTables: readonly PersonalTable[] = [
  {
    table: 'revision',
    isAbout: `t.editor_id = ANY($2) OR ${isOnOwnPost}`,
    onErasure: {
      kind: 'clear',
      set: `summary = '',
        title = CASE WHEN title IS NULL OR NOT (${isOnOwnPost}) THEN title ELSE ${removed} END,
        body_source = CASE WHEN body_source IS NULL OR NOT (${isOnOwnPost}) THEN body_source ELSE ${removed} END,
        body_html = CASE WHEN ${isOnOwnPost} THEN ${removed} ELSE body_html END,
        tags = CASE WHEN ${isOnOwnPost} THEN NULL ELSE tags END`,
    },
  },
  {
    table: 'edit_suggestion',
    isAbout: `t.editor_id = ANY($2) OR ${isOnOwnPost}`,
    onErasure: {
      kind: 'clear',
      set: `summary = '', body_source = ${removed}, tags = NULL,
        title = CASE WHEN title IS NULL THEN NULL ELSE ${removed} END`,
    },
  },
  {
    table: 'question',
    isAbout: isAuthor,
    onErasure: {
      kind: 'clear',
      set: `title = ${removed}, body_source = ${removed}, body_html = ${removed}, source_id = NULL`,
    },
  },
  {
    table: 'answer',
    isAbout: isAuthor,
    onErasure: {
      kind: 'clear',
      set: `body_source = ${removed}, body_html = ${removed}, source_id = NULL`,
    },
  },
  {
    table: 'article',
    isAbout: isAuthor,
    onErasure: {
      kind: 'clear',
      set: `title = ${removed}, body_source = ${removed}, body_html = ${removed}, preview_source = NULL, preview_html = ''`,
    },
  },
  {
    table: 'comment',
    isAbout: isAuthor,
    onErasure: {
      kind: 'clear',
      set: `body_source = ${removed}, body_html = ${removed}, source_id = NULL`,
    },
  },
  {
    table: 'rating',
    isAbout: 't.rater_id = ANY($2)',
    onErasure: { kind: 'clear', set: `text_source = NULL, text_html = ''` },
  },
  {
    table: 'vote',
    isAbout: 't.voter_id = ANY($2)',
    onErasure: { kind: 'keep', because: 'the scores and points of others were counted from it' },
  },
  {
    table: 'favourite',
    isAbout: 't.member_id = ANY($2)',
    key: 't.question_id::text || t.member_id::text',
    onErasure: { kind: 'keep', because: 'questions count their followers' },
  },
  {
    table: 'bounty',
    isAbout: 't.offerer_id = ANY($2)',
    onErasure: { kind: 'keep', because: 'points went from one member to another' },
  },
  {
    table: 'post_link',
    isAbout: 't.created_by = ANY($2)',
    onErasure: { kind: 'keep', because: 'it says nothing of who made it' },
  },
  {
    table: 'idempotency_key',
    isAbout: 't.account_id = $1',
    key: 't.key',
    leftOut: ['request_hash'],
    onErasure: { kind: 'delete' },
  },
  {
    table: 'entitlement',
    isAbout: 't.account_id = $1',
    onErasure: { kind: 'keep', because: 'what was bought stays bought; payments ends it' },
  },
  {
    table: 'membership',
    isAbout: 't.account_id = $1',
    key: 't.member_id::text',
    onErasure: { kind: 'keep', because: 'it holds ids, a role and a status; identity ends it' },
  },
  {
    table: 'withheld_privileges',
    isAbout: 't.member_id = ANY($2)',
    key: 't.member_id::text',
    onErasure: { kind: 'delete' },
  },
  {
    table: 'author_weight',
    isAbout: 't.member_id = ANY($2)',
    key: 't.member_id::text',
    onErasure: { kind: 'delete' },
  },
  {
    table: 'exposure_choice',
    isAbout: 't.member_id = ANY($2)',
    key: 't.member_id::text',
    onErasure: { kind: 'delete' },
  },
  {
    table: 'account_on_record',
    isAbout: 't.account_id = $1',
    key: 't.account_id::text',
    onErasure: { kind: 'delete' },
  },
  {
    table: 'charter_acceptance',
    isAbout: 't.member_id = ANY($2)',
    key: 't.member_id::text',
    onErasure: { kind: 'delete' },
  },
];

export const personalData = personalDataOf({
  part: 'content',
  destination: 'content',
  tables: personalTables,
});
