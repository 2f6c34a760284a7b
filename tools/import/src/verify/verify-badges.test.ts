import { describeWithSharedData, sharedData } from '@lyceum/testing';
import { join } from 'node:path';
import { importDump } from '../import-command';
import { silentProgress } from '../progress';
import { checkDump } from '../stackexchange/dump';
import { SourceIds } from '../stackexchange/source-ids';
import { startWorkers, type RunningWorkers } from '../testing/running-workers';
import { isPassed } from './check';
import { verifyBadges } from './verify-badges';

let workers: RunningWorkers;
beforeAll(async () => {
  workers = await startWorkers();
}, 60_000);
afterAll(() => workers.close(), 30_000);

describeWithSharedData('badges of real sites', () => {
  it.each([
    ['se-ai-2016', 'ai', ['Student', 'Teacher', 'Scholar']],
    ['se-cardano-2021', 'cardano', ['Student', 'Teacher', 'Scholar', 'Nice Question']],
  ])(
    '%s: what many have is given to the right ones',
    async (site, slug, often) => {
      const dump = await checkDump(join(sharedData, site));
      await importDump(
        workers,
        { slug, name: slug, isWaiting: true },
        { progress: silentProgress, dump },
      );
      const checks = await verifyBadges(workers.reputation, { dump, ids: new SourceIds(slug) });
      const gated = checks.filter(({ gate }) => gate > 0);
      expect(gated.map(({ name }) => name)).toEqual(
        expect.arrayContaining(
          often.flatMap((title) => [`badge ${title}, precision`, `badge ${title}, recall`]),
        ),
      );
      expect(checks.filter((check) => !isPassed(check))).toEqual([]);

      // A badge that was given to nobody, or to one more, is seen.
      await workers.reputation.query(`DELETE FROM badge_award WHERE badge = 'teacher'`);
      const without = await verifyBadges(workers.reputation, { dump, ids: new SourceIds(slug) });
      expect(without.filter((check) => !isPassed(check)).map(({ name }) => name)).toEqual([
        'badge Teacher, recall',
      ]);
      if (process.env['SHOW_BADGES'])
        process.stderr.write(
          checks.map((c) => `${c.name}: ${String(c.rows)} ${c.figure.toFixed(3)}\n`).join(''),
        );
    },
    240_000,
  );
});
