import { eventTypeNamed } from '@lyceum/contracts';
import { database as contentDatabase } from '@lyceum/content/import';
import { database as identityDatabase } from '@lyceum/identity/import';
import { emitted, testDatabase, type TestDatabase } from '@lyceum/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentProgress } from '../progress';
import { smallDump } from '../testing/small-dump';
import { checkDump } from './dump';
import { importSite } from './import-site';
import { writeDump, type RawTables } from './write-dump';

let identity: TestDatabase;
let content: TestDatabase;
let folder: string;

beforeEach(async () => {
  [identity, content] = await Promise.all([
    testDatabase(identityDatabase),
    testDatabase(contentDatabase),
  ]);
  folder = await mkdtemp(join(tmpdir(), 'dump-'));
});
afterEach(async () => {
  await Promise.all([identity.drop(), content.drop(), rm(folder, { recursive: true })]);
});

const importDump = async (dump: RawTables | string, slug = 'small') => {
  const path = typeof dump === 'string' ? dump : await writeDump(folder, dump);
  const target = { identity: identity.dataSource, content: content.dataSource };
  return importSite(
    target,
    { dump: await checkDump(path), slug, name: 'A small site' },
    silentProgress,
  );
};
const inContent = async (sql: string): Promise<Record<string, unknown>[]> =>
  content.dataSource.query(sql);

const eventsOf = async (kind: string) =>
  (await emitted(content.dataSource.manager)).filter(({ type }) => type === `content.${kind}.v1`);

/** Everything in both databases that an import writes, in a fixed order, without what depends on when. */
const everything = async () => {
  const rows: Record<string, unknown[]> = {};
  for (const table of ['account', 'member', 'community']) {
    rows[table] = await identity.dataSource.query(
      `SELECT ${table}::text AS row FROM ${table} ORDER BY id`,
    );
  }
  for (const table of ['question', 'answer', 'comment', 'vote', 'bounty', 'post_link', 'tag']) {
    rows[table] = await inContent(`SELECT ${table}::text AS row FROM ${table} ORDER BY id`);
  }
  for (const table of ['favourite', 'question_tag']) {
    rows[table] = await inContent(`SELECT ${table}::text AS row FROM ${table} ORDER BY 1`);
  }
  const outbox = `SELECT destination, event_id, type, occurred_at, payload::text FROM outbox ORDER BY event_id, destination`;
  rows['identity events'] = await identity.dataSource.query(outbox);
  rows['content events'] = await inContent(outbox);
  return rows;
};

describe('an import', () => {
  it('brings everything that hangs together and leaves out what hangs in the air', async () => {
    const { written } = await importDump(smallDump);
    expect(Object.fromEntries(written)).toEqual({
      people: 5,
      tags: 4,
      questions: 4,
      answers: 4,
      comments: 3,
      votes: 5 + 2 + 1 + 2 + 1,
      links: 2,
      edits: 2,
    });
    expect(
      await inContent(`SELECT title, score, answer_count, comment_count, favourite_count, view_count,
        accepted_at::text, author_id IS NULL AS unknown, close_reason FROM question ORDER BY source_id`),
    ).toEqual([
      { ...asked('Question 10', 2, 2, 1), accepted_at: '2021-05-04 00:00:00+00' },
      { ...asked('Question 12', 1, 0, 0), unknown: true },
      { ...asked('Question 15', 1, 0, 0), accepted_at: '2021-05-04 00:00:00+00' },
      { ...asked('Question 17', 0, 0, 0), score: 2 },
    ]);
    expect(await inContent(`SELECT body_html FROM question WHERE title = 'Question 12'`)).toEqual([
      { body_html: '<p>Hi</p>' },
    ]);
  });

  const asked = (title: string, answers: number, comments: number, favourites: number) => ({
    title,
    score: 0,
    answer_count: answers,
    comment_count: comments,
    favourite_count: favourites,
    view_count: 10,
    accepted_at: null,
    unknown: false,
    close_reason: null,
  });

  it('tells every event in its own shape, dated as the dump dates it', async () => {
    await importDump(smallDump);
    const events = await emitted(content.dataSource.manager);
    expect(events).toHaveLength(4 + 4 + 3 + 11 + 2);
    for (const { type, payload, occurredAt } of events) {
      expect(eventTypeNamed(type)?.payload.parse(payload)).toEqual(payload);
      expect(occurredAt.toISOString()).toMatch(/^2021-05-/);
    }
    expect((await eventsOf('vote.recorded')).map(({ payload }) => payload['voterId'])).toEqual(
      Array(5).fill(null),
    );
  });

  it('lets votes on a community’s own post earn nothing from that day on', async () => {
    await importDump(smallDump);
    const votes = (await eventsOf('vote.recorded')).map(({ payload, occurredAt }) => [
      occurredAt.toISOString().slice(8, 10),
      payload['earnsPoints'],
    ]);
    expect(votes).toEqual([
      ['03', true],
      ['03', true],
      ['03', true],
      ['05', false],
      ['06', false],
    ]);
  });

  it('accepts only what the question’s row says, by whoever asked', async () => {
    await importDump(smallDump);
    const [first, own] = (await eventsOf('acceptance.recorded')).map(({ payload }) => payload);
    expect(first).toMatchObject({ version: 1, earnsPoints: true });
    expect(first?.['askerId']).not.toBe(first?.['answerAuthorId']);
    expect(own?.['askerId']).toBe(own?.['answerAuthorId']);
    expect(
      await inContent(`SELECT acceptance_version AS v FROM question ORDER BY source_id`),
    ).toEqual([1, 0, 1, 0].map((v) => ({ v })));
  });

  it('gives a bounty to the answer, half of it when the row says so, and ends one that nobody got', async () => {
    await importDump(smallDump);
    expect(
      await inContent(`SELECT amount, awarded_amount, closed_at::date::text AS closed, offerer_id IS NULL AS unknown,
        expires_at FROM bounty ORDER BY offered_at`),
    ).toEqual([
      { amount: 100, awarded_amount: 50, closed: '2021-05-14', unknown: false, expires_at: null },
      { amount: 50, awarded_amount: null, closed: '2021-05-15', unknown: true, expires_at: null },
    ]);
    expect((await eventsOf('bounty.awarded')).map(({ payload }) => payload['amount'])).toEqual([
      50,
    ]);
  });

  it('changes nothing and tells nothing when run again', async () => {
    await importDump(smallDump);
    const before = await everything();
    const again = await importDump(smallDump);
    expect(again.rowsRead).toBe(0);
    expect(await everything()).toEqual(before);
  });

  it('adds what a later dump has more, and leaves the rest as it is', async () => {
    await importDump(smallDump);
    const before = await everything();
    const comment = {
      Id: 9,
      PostId: 10,
      Text: 'late',
      CreationDate: '2021-05-20T00:00:00.000',
      UserId: 2,
    };
    const { written } = await importDump({
      ...smallDump,
      Comments: [...(smallDump.Comments ?? []), comment],
    });
    expect([...written].filter(([phase, count]) => count > 0 && phase !== 'edits')).toEqual([
      ['comments', 1],
    ]);
    const after = await everything();
    expect(after['comment']).toHaveLength(4);
    for (const table of [
      'account',
      'member',
      'question',
      'answer',
      'vote',
      'bounty',
      'post_link',
      'favourite',
    ]) {
      expect([table, after[table]]).toEqual([table, before[table]]);
    }
  });

  it('keeps two communities apart that come from the same dump', async () => {
    await importDump(smallDump, 'one');
    await importDump(smallDump, 'two');
    expect(
      await identity.dataSource.query('SELECT slug, member_count FROM community ORDER BY slug'),
    ).toEqual([
      { slug: 'one', member_count: 5 },
      { slug: 'two', member_count: 5 },
    ]);
    expect(await inContent('SELECT DISTINCT community_id FROM question')).toHaveLength(2);
  });

  it('goes on after any interruption, and ends where an uninterrupted one does', async () => {
    await importDump(smallDump);
    const whole = await everything();
    for (const stop of [1, 2, 3, 5, 7]) {
      await Promise.all([identity.drop(), content.drop()]);
      [identity, content] = await Promise.all([
        testDatabase(identityDatabase),
        testDatabase(contentDatabase),
      ]);
      let steps = 0;
      const target = {
        identity: identity.dataSource,
        content: content.dataSource,
        breathe: () =>
          (steps += 1) > stop ? Promise.reject(new Error('killed')) : Promise.resolve(),
      };
      const options = { dump: await checkDump(folder), slug: 'small', name: 'A small site' };
      await expect(importSite(target, options, silentProgress)).rejects.toThrow('killed');
      await importDump(folder);
      expect(await everything()).toEqual(whole);
    }
  });
});
