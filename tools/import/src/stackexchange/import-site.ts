import { createHash } from 'node:crypto';
import {
  importAnswers,
  importComments,
  importEdits,
  importLinks,
  importQuestions,
  importTags,
  importVotes,
} from '@lyceum/content/import';
import { importCommunity, importPeople } from '@lyceum/identity/import';
import { importProgress, type ImportProgress, type ImportStep } from '@lyceum/platform';
import type { DataSource } from 'typeorm';
import type { Progress } from '../progress';
import { readTable, type Dump } from './dump';
import { tableNames, type TableName } from './dump-files';
import { questionUpvoteAt } from './era';
import { RowMapper } from './map-rows';
import { SourceIds } from './source-ids';
import type { RowOf } from './tables';

/** The databases that an import writes. */
export interface ImportTarget {
  readonly identity: DataSource;
  readonly content: DataSource;
  /** Called between steps: an import must not run so far ahead of the workers that the queues fill the disk. */
  readonly breathe?: () => Promise<void>;
}

export interface SiteOptions {
  readonly slug: string;
  readonly name: string;
}

export interface ImportSummary {
  /** Rows read from the dump by this run. */
  readonly rowsRead: number;
  /** Things that were not there before, by phase. */
  readonly written: ReadonlyMap<string, number>;
}

interface Site extends SiteOptions {
  readonly source: string;
  readonly target: ImportTarget;
  readonly dump: Dump;
  readonly ids: SourceIds;
  readonly map: RowMapper;
  readonly fingerprint: string;
}

interface Phase<Table extends TableName = TableName> {
  readonly name: string;
  readonly table: Table;
  readonly into: 'identity' | 'content';
  write(rows: readonly RowOf<Table>[], step: ImportStep): Promise<number>;
}

/**
 * Writes a checked dump into the databases, events and all, in steps that are each one transaction. Goes on where
 * an earlier run of the same dump stopped; what is there already stays as it is.
 */
export const importSite = async (
  target: ImportTarget,
  { dump, ...options }: SiteOptions & { readonly dump: Dump },
  progress: Progress,
): Promise<ImportSummary> => {
  const ids = new SourceIds(options.slug);
  const source = `stackexchange:${options.slug}`;
  const map = new RowMapper(ids, dump, source);
  const site: Site = {
    ...options,
    source,
    target,
    dump,
    ids,
    map,
    fingerprint: fingerprintOf(dump),
  };
  await importCommunity(target.identity, stepOf(site, { phase: 'community', rowNumber: 1 }), {
    ...options,
    id: ids.community,
    foundedAt: dump.firstEventAt,
    rules: {
      preset: 'stack-exchange',
      parameters: { questionUpvote: questionUpvoteAt(dump.lastEventAt) },
    },
    eventId: ids.event({ kind: 'community', id: 0, at: dump.firstEventAt }),
  });
  const known = {
    identity: await importProgress(target.identity, source),
    content: await importProgress(target.content, source),
  };
  const written = new Map<string, number>();
  const rowsRead = new Map<TableName, number>();
  for (const phase of phasesOf(site, await tagDescriptions(dump))) {
    const outcome = await runPhase(
      site,
      { phase, known: known[phase.into].get(phase.name) },
      progress,
    );
    written.set(phase.name, outcome.written);
    // Posts are read twice, for questions and for answers, and are no more rows for that.
    rowsRead.set(phase.table, Math.max(rowsRead.get(phase.table) ?? 0, outcome.rowsRead));
  }
  return { rowsRead: [...rowsRead.values()].reduce((sum, rows) => sum + rows, 0), written };
};

/** A phase depends on other tables than its own, so progress counts for this very dump only. */
const fingerprintOf = (dump: Dump): string => {
  const hash = createHash('sha256');
  for (const table of tableNames)
    hash.update(`${table}:${dump.tables.get(table)?.fingerprint ?? ''};`);
  return hash.digest('hex');
};

const stepOf = (site: Site, at: { phase: string; rowNumber: number }): ImportStep => ({
  source: site.source,
  fingerprint: site.fingerprint,
  ...at,
});

/** Which post is which tag's description or its excerpt. Their texts are not imported, edits of them count. */
const tagDescriptions = async (dump: Dump): Promise<ReadonlyMap<number, string>> => {
  const tagOf = new Map<number, string>();
  for await (const { rows } of readTable(dump.files, 'Tags')) {
    for (const { name, excerptPostId, wikiPostId } of rows) {
      if (excerptPostId !== null) tagOf.set(excerptPostId, name);
      if (wikiPostId !== null) tagOf.set(wikiPostId, name);
    }
  }
  return tagOf;
};

const phasesOf = (site: Site, tagOf: ReadonlyMap<number, string>): readonly Phase[] => [
  ...peopleAndTags(site),
  ...posts(site),
  ...whatWasDoneToPosts(site, tagOf),
];

const peopleAndTags = ({
  map,
  target,
  ids: { community: communityId },
}: Site): readonly Phase[] => [
  phaseOf({
    name: 'people',
    table: 'Users',
    into: 'identity',
    write: (rows, step) =>
      importPeople(target.identity, step, { communityId, people: rows.map(map.person) }),
  }),
  phaseOf({
    name: 'tags',
    table: 'Tags',
    into: 'content',
    write: (rows, step) =>
      importTags(target.content, step, {
        communityId,
        tags: [...map.tags(rows), ...map.undeclaredTags()],
      }),
  }),
];

const posts = ({ map, target, ids: { community: communityId } }: Site): readonly Phase[] => [
  phaseOf({
    name: 'questions',
    table: 'Posts',
    into: 'content',
    write: (rows, step) =>
      importQuestions(target.content, step, { communityId, questions: map.questions(rows) }),
  }),
  phaseOf({
    name: 'answers',
    table: 'Posts',
    into: 'content',
    write: (rows, step) =>
      importAnswers(target.content, step, { communityId, answers: map.answers(rows) }),
  }),
  phaseOf({
    name: 'comments',
    table: 'Comments',
    into: 'content',
    write: (rows, step) =>
      importComments(target.content, step, { communityId, comments: rows.map(map.comment) }),
  }),
];

const whatWasDoneToPosts = (
  { map, target, ids: { community: communityId } }: Site,
  tagOf: ReadonlyMap<number, string>,
): readonly Phase[] => [
  phaseOf({
    name: 'votes',
    table: 'Votes',
    into: 'content',
    write: (rows, step) => importVotes(target.content, step, { communityId, ...map.votes(rows) }),
  }),
  phaseOf({
    name: 'links',
    table: 'PostLinks',
    into: 'content',
    write: (rows, step) =>
      importLinks(target.content, step, { communityId, links: map.links(rows) }),
  }),
  phaseOf({
    name: 'edits',
    table: 'PostHistory',
    into: 'content',
    write: (rows, step) =>
      importEdits(target.content, step, { communityId, edits: map.edits(rows, tagOf) }),
  }),
];

/** A phase gets the rows of its own table and no others, so a list of them may forget which. */
const phaseOf = <Table extends TableName>(phase: Phase<Table>): Phase => phase;

const runPhase = async (
  site: Site,
  { phase, known }: { phase: Phase; known: ImportProgress | undefined },
  progress: Progress,
): Promise<{ rowsRead: number; written: number }> => {
  const { dump, target, fingerprint } = site;
  const total = dump.tables.get(phase.table)?.rows ?? 0;
  const skip = known?.fingerprint === fingerprint ? known.rowNumber : 0;
  if (skip >= total) return { rowsRead: 0, written: 0 };
  const shown = progress.phase(phase.name, total);
  let written = 0;
  for await (const batch of oneAhead(readTable(dump.files, phase.table, { skip }))) {
    await target.breathe?.();
    written += await phase.write(
      batch.rows,
      stepOf(site, { phase: phase.name, rowNumber: batch.rowNumber }),
    );
    shown.update(batch.rowNumber);
  }
  shown.end(`${written.toLocaleString('en')} new`);
  return { rowsRead: total - skip, written };
};

/** Makes the next item while the last one is in use: the file is read while the database writes. */
async function* oneAhead<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    let coming = iterator.next();
    for (;;) {
      const result = await coming;
      if (result.done === true) return;
      coming = iterator.next();
      coming.catch(() => undefined); // reported when it is its turn
      yield result.value;
    }
  } finally {
    await iterator.return?.();
  }
}
