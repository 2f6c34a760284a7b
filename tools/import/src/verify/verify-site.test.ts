import { describeWithSharedData, sharedData } from '@lyceum/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importDump } from '../import-command';
import { silentProgress } from '../progress';
import { checkDump, readTable } from '../stackexchange/dump';
import { questionUpvoteAt } from '../stackexchange/era';
import { recomputeReputation } from '../stackexchange/reputation';
import { SourceIds } from '../stackexchange/source-ids';
import { writeDump } from '../stackexchange/write-dump';
import { startWorkers, type RunningWorkers } from '../testing/running-workers';
import { smallDump } from '../testing/small-dump';
import { isPassed, table } from './check';
import { verifySite } from './verify-site';

let workers: RunningWorkers;
let folder: string;
beforeAll(async () => {
  workers = await startWorkers();
  folder = await mkdtemp(join(tmpdir(), 'dump-'));
}, 60_000);
afterAll(async () => {
  await Promise.all([workers.close(), rm(folder, { recursive: true })]);
}, 30_000);

const bring = async (path: string, slug: string) => {
  const dump = await checkDump(path);
  await importDump(
    workers,
    { slug, name: slug, isWaiting: true },
    { progress: silentProgress, dump },
  );
  return dump;
};
const verify = async (path: string, slug: string) =>
  verifySite(workers, { dump: await checkDump(path), slug, progress: silentProgress });

/** What the platform gave each person, of those to whom anything happened. */
const pointsOf = async (
  slug: string,
  people: Iterable<number>,
): Promise<Map<number, number | undefined>> => {
  const ids = new SourceIds(slug);
  const rows = await workers.reputation.query<{ id: string; total: number }[]>(
    'SELECT member_id AS id, total FROM member_standing WHERE community_id = $1',
    [ids.community],
  );
  const totals = new Map(rows.map(({ id, total }) => [id, total]));
  return new Map([...people].map((person) => [person, totals.get(ids.member(person))]));
};

describeWithSharedData('real sites', () => {
  describe.each([
    ['se-ai-2016', 'ai', 307],
    ['se-cardano-2021', 'cardano', 621],
  ])('%s', (site, slug, people) => {
    it('gets the very points that an independent program makes of the dump', async () => {
      const dump = await bring(join(sharedData, site), slug);
      const expected = await recomputeReputation(dump.files, questionUpvoteAt(dump.lastEventAt));
      const ofPeople = new Map([...expected].filter(([person]) => dump.people.has(person)));
      expect(await pointsOf(slug, ofPeople.keys())).toEqual(ofPeople);
    }, 180_000);

    it('agrees with the dump', async () => {
      const verdict = await verify(join(sharedData, site), slug);
      expect([...verdict.checks.filter((check) => !isPassed(check)), ...verdict.remarks]).toEqual(
        [],
      );
      expect(verdict.isPassed).toBe(true);
      expect(verdict.checks.find(({ name }) => name === 'reputation, Pearson')?.rows).toBe(people);
      expect(await workers.reputation.query('SELECT FROM dead_letter')).toEqual([]);
    }, 60_000);
  });
});

describe('a verification', () => {
  beforeAll(async () => {
    await writeDump(folder, smallDump);
    await bring(folder, 'small');
  }, 60_000);

  it('passes for a site whose reputations were worked out by hand', async () => {
    const verdict = await verify(folder, 'small');
    // The rows of this dump name only some of the badges that its events give.
    const stated = verdict.checks.filter(({ name }) => !name.startsWith('badge '));
    expect(stated.filter(({ equal, rows }) => equal !== rows)).toEqual([]);
    expect(await pointsOf('small', (await users()).keys())).toEqual(await users());
  });

  const users = async (): Promise<Map<number, number>> => {
    const stated = new Map<number, number>();
    for await (const { rows } of readTable((await checkDump(folder)).files, 'Users')) {
      for (const { id, reputation } of rows) stated.set(id, reputation);
    }
    return stated;
  };

  it.each([
    [
      'score',
      'content',
      `UPDATE question SET score = score + 1 WHERE title = 'Question 10' AND community_id = $1`,
      /question 10: the dump says 0, the database 1/,
    ],
    [
      'accepted answer',
      'content',
      `UPDATE question SET accepted_answer_id = NULL WHERE title = 'Question 15' AND community_id = $1`,
      /question 15: .*nothing$/,
    ],
    [
      'tag count',
      'content',
      `UPDATE tag SET question_count = 7 WHERE name = '中文' AND community_id = $1`,
      /tag 中文: the dump says 1, the database 7/,
    ],
    [
      'rows',
      'content',
      `DELETE FROM comment WHERE body_source = 'thanks' AND community_id = $1`,
      /comments: the dump says 3, the database 2/,
    ],
    [
      'activity log',
      'content',
      `INSERT INTO vote (id, community_id, target_type, target_id, value, created_at)
       SELECT gen_random_uuid(), $1, 'question', id, 1, now() FROM question
       WHERE title = 'Question 12' AND community_id = $1`,
      /vote: .* 6, the database 5/,
    ],
    [
      'points from the log',
      'reputation',
      `UPDATE member_standing SET total = total + 1 WHERE community_id = $1`,
      /the dump says/,
    ],
    [
      'points by day from the log',
      'reputation',
      `UPDATE member_day SET earned = earned + 3 WHERE community_id = $1`,
      /2021-05/,
    ],
    [
      'metrics by day from the log',
      'reputation',
      `DELETE FROM engagement_day WHERE day = '2021-05-03' AND community_id = $1`,
      /2021-05-03/,
    ],
  ] as const)(
    'fails on %s when that is wrong, and names rows',
    async (name, database, sql, offender) => {
      const slug = name.replaceAll(' ', '-');
      await bring(folder, slug);
      await workers[database].query(sql, [new SourceIds(slug).community]);
      const verdict = await verify(folder, slug);
      expect(verdict.isPassed).toBe(false);
      const failed = verdict.checks.find((check) => check.name === name && !isPassed(check));
      expect(failed?.offenders[0]).toMatch(offender);
      expect(table(verdict.checks)).toMatch(/FAILED\n {6}/);
    },
    30_000,
  );

  it('remarks that a dump contradicts itself, which fails nothing', async () => {
    const [first, ...others] = [...(smallDump.Votes ?? [])];
    const path = await writeDump(join(folder, 'other'), { ...smallDump, Votes: others });
    await bring(path, 'contradiction');
    const { remarks } = await verify(path, 'contradiction');
    expect(first).toMatchObject({ PostId: 10, VoteTypeId: 3 });
    expect(remarks).toEqual([expect.stringMatching(/the score of 1 row .*:post:10\.$/)]);
  }, 30_000);

  it('needs an import to have been', async () => {
    await expect(verify(folder, 'nowhere')).rejects.toThrow(
      /No Stack Exchange dump has been imported/,
    );
  });
});
