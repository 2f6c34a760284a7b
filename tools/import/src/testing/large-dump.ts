import type { RawRow, RawTables } from '../stackexchange/write-dump';

/*
 * A site of any size with the proportions of real ones: of 100 rows some 8 are people, 6 questions, 9 answers,
 * 12 comments, 60 votes. Generated row by row; the same size gives the same site. Its scores and counts are those of
 * its votes, answers and comments.
 */

const firstDayMs = Date.UTC(2021, 0, 1);
const dayMs = 86_400_000;
const lorem =
  'A loop that awaits each of its steps takes as long as all of them together, so start them first. '.repeat(
    8,
  );

interface Plan {
  readonly users: number;
  readonly questions: number;
  readonly answers: number;
  readonly comments: number;
  readonly votes: number;
  readonly days: number;
}

const planOf = (rows: number): Plan => ({
  users: Math.ceil(rows * 0.08),
  questions: Math.ceil(rows * 0.06),
  answers: Math.ceil(rows * 0.09),
  comments: Math.ceil(rows * 0.12),
  votes: Math.ceil(rows * 0.6),
  days: Math.max(30, Math.ceil(rows / 500)),
});

const tagCount = 300;

export const largeDump = (rows: number): RawTables => {
  const plan = planOf(rows);
  const tally = tallyOf(plan);
  return {
    Users: users(plan),
    Tags: tags(tally),
    Posts: posts(plan, tally),
    Comments: comments(plan),
    Votes: votes(plan, tally),
    PostLinks: [],
  };
};

/** A number in [0, below) that depends on the key alone. */
const pick = (key: number, below: number): number => {
  let hash = Math.imul(key ^ 0x9e3779b9, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % below;
};

/** Popular things are picked more often, as in life. */
const pickSkewed = (key: number, below: number): number =>
  Math.floor((pick(key, 65_536) / 65_536) ** 2 * below);

const postsIn = ({ questions, answers }: Plan): number => questions + answers;
const isQuestion = ({ questions }: Plan, id: number): boolean => id <= questions;
const ownerOf = ({ users: people }: Plan, id: number): number => 1 + pickSkewed(id + 7, people);
const questionOf = ({ questions }: Plan, id: number): number => 1 + pickSkewed(id + 11, questions);
const tagsOf = (id: number): number[] => [
  ...new Set([0, 1, 2].map((n) => 1 + pickSkewed(id * 3 + n, tagCount))),
];
const timeAt = (share: number, { days }: Plan): string =>
  new Date(firstDayMs + Math.floor(share * days * dayMs)).toISOString().slice(0, 23);

interface Tally {
  readonly scores: Int32Array;
  readonly comments: Int32Array;
  readonly answers: Int32Array;
  readonly acceptedAnswers: Int32Array;
  readonly tags: Int32Array;
}

interface VoteFacts {
  readonly postId: number;
  readonly type: number;
}

const voteAt = (plan: Plan, n: number): VoteFacts => {
  const type = pick(n + 3, 20) === 0 ? 3 : 2;
  return { postId: 1 + pickSkewed(n + 5, postsIn(plan)), type };
};

const tallyOf = (plan: Plan): Tally => {
  const size = postsIn(plan) + 1;
  const tally: Tally = {
    scores: new Int32Array(size),
    comments: new Int32Array(size),
    answers: new Int32Array(size),
    acceptedAnswers: new Int32Array(size),
    tags: new Int32Array(tagCount + 1),
  };
  const count = (of: Int32Array, at: number, by = 1) => {
    of[at] = (of[at] ?? 0) + by;
  };
  for (let n = 1; n <= plan.votes; n += 1) {
    const { postId, type } = voteAt(plan, n);
    count(tally.scores, postId, type === 2 ? 1 : -1);
  }
  for (let n = 1; n <= plan.comments; n += 1) count(tally.comments, commentedPost(plan, n));
  for (let id = plan.questions + 1; id < size; id += 1) {
    const question = questionOf(plan, id);
    count(tally.answers, question);
    if (tally.acceptedAnswers[question] === 0 && pick(id, 2) === 0)
      tally.acceptedAnswers[question] = id;
  }
  for (let id = 1; id <= plan.questions; id += 1)
    for (const tag of tagsOf(id)) count(tally.tags, tag);
  return tally;
};

const commentedPost = (plan: Plan, n: number): number => 1 + pick(n + 17, postsIn(plan));

function* users(plan: Plan): Generator<RawRow> {
  for (let id = 1; id <= plan.users; id += 1) {
    const CreationDate = timeAt(0.9 * (id / plan.users), plan);
    yield {
      Id: id,
      Reputation: 1,
      CreationDate,
      DisplayName: `Person ${pick(id, plan.users)}`,
      DownVotes: 0,
    };
  }
}

function* tags(tally: Tally): Generator<RawRow> {
  for (let id = 1; id <= tagCount; id += 1)
    yield { Id: id, TagName: `tag-${id}`, Count: tally.tags[id] };
}

function* posts(plan: Plan, tally: Tally): Generator<RawRow> {
  for (let id = 1; id <= postsIn(plan); id += 1) {
    const common = {
      Id: id,
      CreationDate: timeAt((id / postsIn(plan)) * 0.95, plan),
      Score: tally.scores[id],
      Body: `<p>${lorem.slice(pick(id, 100))}</p><pre><code>await step(${id});</code></pre>`,
      OwnerUserId: pick(id, 50) === 0 ? undefined : ownerOf(plan, id),
      CommentCount: tally.comments[id],
    };
    yield isQuestion(plan, id)
      ? {
          ...common,
          PostTypeId: 1,
          Title: `How to await step ${id}?`,
          Tags: tagsOf(id)
            .map((tag) => `<tag-${tag}>`)
            .join(''),
          ViewCount: pick(id, 10_000),
          AnswerCount: tally.answers[id],
          AcceptedAnswerId: tally.acceptedAnswers[id] || undefined,
        }
      : { ...common, PostTypeId: 2, ParentId: questionOf(plan, id) };
  }
}

function* comments(plan: Plan): Generator<RawRow> {
  for (let n = 1; n <= plan.comments; n += 1) {
    const PostId = commentedPost(plan, n);
    const Text = lorem.slice(0, 30 + pick(n, 200));
    yield {
      Id: n,
      PostId,
      Score: 0,
      Text,
      CreationDate: timeAt(n / plan.comments, plan),
      UserId: ownerOf(plan, n),
    };
  }
}

function* votes(plan: Plan, tally: Tally): Generator<RawRow> {
  for (let n = 1; n <= plan.votes; n += 1) {
    const { postId, type } = voteAt(plan, n);
    const CreationDate = `${timeAt(n / plan.votes, plan).slice(0, 10)}T00:00:00.000`;
    yield { Id: n, PostId: postId, VoteTypeId: type, CreationDate };
  }
  for (let id = 1, n = plan.votes; id <= plan.questions; id += 1) {
    const accepted = tally.acceptedAnswers[id] ?? 0;
    if (accepted === 0) continue;
    n += 1;
    yield {
      Id: n,
      PostId: accepted,
      VoteTypeId: 1,
      CreationDate: `${timeAt(1, plan).slice(0, 10)}T00:00:00.000`,
    };
  }
}
