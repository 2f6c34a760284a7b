import { describeWithSharedData, sharedData } from '@lyceum/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smallDump } from '../testing/small-dump';
import { writeDump } from './write-dump';
import { checkDump, readTable } from './dump';
import { questionUpvoteAt } from './era';
import { compareReputations } from './reputation-figures';
import { recomputeReputation } from './reputation';
import type { UserRow } from './tables';

const figuresOf = async (folder: string, options: { otherEra?: true } = {}) => {
  const dump = await checkDump(folder, () => undefined);
  const users: UserRow[] = [];
  for await (const { rows } of readTable(dump.files, 'Users')) users.push(...rows);
  const upvote = questionUpvoteAt(dump.lastEventAt);
  return compareReputations(
    users,
    await recomputeReputation(dump.files, options.otherEra ? 15 - upvote : upvote),
  );
};

describe('recomputed reputation', () => {
  it('is what the rules, applied by hand, make of a small site', async () => {
    const folder = await writeDump(await mkdtemp(join(tmpdir(), 'dump-')), smallDump);
    const figures = await figuresOf(folder);
    expect(figures.offenders).toEqual([]);
    expect(figures.users).toBe(3);
    await rm(folder, { recursive: true });
  });
});

describeWithSharedData('recomputed reputation of a real site', () => {
  it('is that of the ai site of 2016', async () => {
    const figures = await figuresOf(join(sharedData, 'se-ai-2016'));
    expect(figures.users).toBe(307);
    expect(figures.pearson).toBeGreaterThan(0.9999);
    expect(figures.exactWithoutDownvotes).toBeGreaterThanOrEqual(0.95);
  });

  it('is that of the cardano site of 2021', async () => {
    const figures = await figuresOf(join(sharedData, 'se-cardano-2021'));
    expect(figures.users).toBe(621);
    expect(figures.pearson).toBeGreaterThan(0.9995);
    expect(figures.exactWithoutDownvotes).toBeGreaterThanOrEqual(0.97);
  });

  it('fits neither with the question upvote of the other era', async () => {
    expect(
      (await figuresOf(join(sharedData, 'se-ai-2016'), { otherEra: true })).exact,
    ).toBeLessThan(0.5);
    expect(
      (await figuresOf(join(sharedData, 'se-cardano-2021'), { otherEra: true })).exact,
    ).toBeLessThan(0.25);
  });
});
