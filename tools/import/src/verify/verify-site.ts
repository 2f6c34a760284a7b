import { Complaint } from '@lyceum/standalone/installation';
import type { DataSource, EntityManager } from 'typeorm';
import { untilCaughtUp, type Outboxes } from '../caught-up';
import type { Progress } from '../progress';
import type { Dump } from '../stackexchange/dump';
import { SourceIds } from '../stackexchange/source-ids';
import { isPassed, type Check } from './check';
import { verifyActivity } from './verify-activity';
import {
  contradictions,
  importedPosts,
  verifyPosts,
  verifyTags,
  verifyTotals,
} from './verify-content';
import { verifyBadges } from './verify-badges';
import { verifyPoints } from './verify-points';
import { verifyProjections } from './verify-projections';

export interface Verdict {
  readonly isPassed: boolean;
  readonly checks: readonly Check[];
  /** What is worth knowing and is nobody's failure. */
  readonly remarks: readonly string[];
}

/** Compares an imported community with the dump it came from, and what was computed with what the dump states. */
export const verifySite = async (
  installation: Outboxes,
  { dump, slug, progress }: { dump: Dump; slug: string; progress: Progress },
): Promise<Verdict> => {
  const ids = new SourceIds(slug);
  const { identity, content } = installation;
  await assertImported(identity, { ids, slug });
  await untilCaughtUp(installation, progress);
  const sources = { dump, ids, posts: await importedPosts(dump) };
  const { checks: points } = await verifyPoints(installation.reputation, sources);
  const derived = await unhurried(installation.reputation, async (reputation) => [
    await verifyActivity(content, { reputation, communityId: ids.community }),
    ...(await verifyProjections(reputation, ids.community)),
  ]);
  const checks = [
    ...(await verifyPosts(content, sources)),
    await verifyTags(content, sources),
    await verifyTotals(content, sources),
    ...derived,
    ...points,
    ...(await verifyBadges(installation.reputation, sources)),
  ];
  return {
    isPassed: checks.every(isPassed),
    checks,
    remarks: await contradictions(content, sources),
  };
};

const assertImported = async (
  identity: DataSource,
  { ids, slug }: { ids: SourceIds; slug: string },
): Promise<void> => {
  const rows = await identity.query<unknown[]>('SELECT FROM community WHERE id = $1', [
    ids.community,
  ]);
  if (rows.length === 0) {
    throw new Complaint(
      `No Stack Exchange dump has been imported as community "${slug}". Import it first.`,
    );
  }
};

/** A recomputation of everything may take longer than a request may. */
const unhurried = async <Outcome>(
  source: DataSource,
  work: (db: EntityManager) => Promise<Outcome>,
): Promise<Outcome> => {
  const session = source.createQueryRunner();
  try {
    await session.query('SET statement_timeout = 0');
    return await work(session.manager);
  } finally {
    await session.query('RESET statement_timeout');
    await session.release();
  }
};
