import { recount, sqlCheck, type Check } from './check';

const commented = ['question', 'answer', 'article'] as const;
const voted = ['question', 'answer', 'article', 'comment'] as const;

const countsOf = (type: string): string =>
  `SELECT target_id AS id, count(*) AS n FROM comment WHERE target_type = '${type}' GROUP BY 1`;

/** What was written here. Counters of what was imported are the source's, which does not tell all it counted. */
const writtenHere = (table: string): string =>
  table === 'article' ? 'true' : `${table}.source_id IS NULL`;

export const contentChecks: readonly Check[] = [
  recount({
    table: 'question',
    column: 'answer_count',
    in: 'content',
    says: "A question's answer count is the number of its answers.",
    where: writtenHere('question'),
    counted: 'SELECT question_id AS id, count(*) AS n FROM answer GROUP BY 1',
  }),
  recount({
    table: 'question',
    column: 'favourite_count',
    in: 'content',
    says: "A question's favourite count is the number of members who follow it.",
    where: writtenHere('question'),
    counted: 'SELECT question_id AS id, count(*) AS n FROM favourite WHERE is_favourite GROUP BY 1',
  }),
  ...commented.map((table) =>
    recount({
      table,
      column: 'comment_count',
      in: 'content',
      says: `The comment count of ${table === 'question' ? 'a' : 'an'} ${table} is the number of its comments.`,
      where: writtenHere(table),
      counted: countsOf(table),
    }),
  ),
  ...voted.map((table) =>
    recount({
      table,
      column: 'score',
      in: 'content',
      says: `The score of each ${table} is the sum of the votes on it.`,
      where: writtenHere(table),
      counted: `SELECT target_id AS id, sum(value) AS n FROM vote WHERE target_type = '${table}' GROUP BY 1`,
    }),
  ),
  recount({
    table: 'tag',
    column: 'question_count',
    in: 'content',
    says: "A tag's question count is the number of questions that have it.",
    counted: 'SELECT tag_id AS id, count(*) AS n FROM question_tag GROUP BY 1',
  }),
  sqlCheck({
    name: 'question.accepted-answer',
    in: 'content',
    says: 'The accepted answer of a question is one of its answers.',
    of: 'question WHERE accepted_answer_id IS NOT NULL',
    broken: `
      SELECT 'question ' || question.id AS "row", 'accepted answer ' || accepted_answer_id || ' is not among its answers' AS problem
      FROM question LEFT JOIN answer ON answer.id = accepted_answer_id AND answer.question_id = question.id
      WHERE accepted_answer_id IS NOT NULL AND answer.id IS NULL`,
  }),
  sqlCheck({
    name: 'question.heat',
    in: 'content',
    says: 'The heat of a question is what its score, answers and age make it.',
    of: 'question',
    broken: `
      SELECT 'question ' || id AS "row", 'heat is ' || heat || ', should be ' || question_heat(score, answer_count, created_at) AS problem
      FROM question WHERE heat <> question_heat(score, answer_count, created_at)`,
  }),
];
