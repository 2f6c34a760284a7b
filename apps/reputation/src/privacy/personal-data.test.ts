import { erasePerson, inTransaction, personalPage, serviceContext } from '@lyceum/platform';
import {
  aPerson,
  findMarkers,
  plantMarkers,
  testWorld,
  undeclaredTables,
  type TestWorld,
} from '@lyceum/testing';
import { database } from '../database';
import { ensureMonths } from '../activity/months';
import { personalTables } from './personal-data';

describe('what reputation holds about a person', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await testWorld({ app: 'reputation', database });
  });
  afterEach(() => world.close());

  const person = aPerson();

  it('is declared, table by table', async () => {
    expect(await undeclaredTables(world.db, personalTables)).toEqual([]);
  });

  it('is all in the export, but secrets, and of nobody else', async () => {
    const { markers } = await plant();
    const read = async (of: typeof person): Promise<string> => {
      const pages = [];
      for (const table of personalTables)
        pages.push(await personalPage(world.db, table, { person: of, after: null }));
      return JSON.stringify(pages);
    };
    const text = await read(person);
    const secrets = markers.filter((marker) => /_hash-end/.test(marker));
    expect(markers.filter((marker) => !text.includes(marker))).toEqual(secrets);
    expect(await read(aPerson())).not.toContain('marker-');
  });

  it('is nowhere after erasure, but where it is declared to stay; twice is once', async () => {
    const { cleared } = await plant();
    const erase = () =>
      inTransaction(serviceContext(world.deps, 'test'), (tx) =>
        erasePerson(tx.db, personalTables, person),
      );
    await erase();
    const left = (await findMarkers(world.db)).filter((found) => cleared(found));
    expect(left).toEqual([]);
    await erase();
  });

  const plant = async () => {
    await ensureMonths(world.db, 'behaviour_event', [new Date('2026-01-01T00:00:00Z')]);
    const markers = await plantMarkers(world.deps.dataSource, personalTables, { person });
    const kept = personalTables
      .filter(({ onErasure }) => onErasure.kind === 'keep')
      .map(({ table }) => table);
    const cleared = (found: string): boolean => !kept.some((table) => found.startsWith(table)); // partitions have names of their own
    return { markers, cleared };
  };
});
