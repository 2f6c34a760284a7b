import { ErasureRequested, newId } from '@lyceum/contracts';
import { erasePerson, inTransaction, personalPage, serviceContext } from '@lyceum/platform';
import { aPerson, emitted, findMarkers, plantMarkers, undeclaredTables } from '@lyceum/testing';
import { contentWorld, type ContentWorld } from '../content.factory';
import { personalData, personalTables } from './personal-data';

describe('what content holds about a person', () => {
  let world: ContentWorld;
  beforeEach(async () => {
    world = await contentWorld();
  });
  afterEach(() => world.close());

  const person = aPerson();
  const [memberId] = person.memberIds;
  const question = newId<'Question'>();
  const plant = () =>
    plantMarkers(world.deps.dataSource, personalTables, {
      person,
      fixed: {
        question: { id: question },
        revision: { target_id: question },
        edit_suggestion: { target_id: question },
      },
    });

  it('is declared, table by table', async () => {
    expect(await undeclaredTables(world.db, personalTables)).toEqual([]);
  });

  it('is all in the export, and of nobody else', async () => {
    const markers = await plant();
    expect(markers.length).toBeGreaterThan(25);
    const read = async (of: typeof person): Promise<string> => {
      const pages = [];
      for (const table of personalTables)
        pages.push(await personalPage(world.db, table, { person: of, after: null }));
      return JSON.stringify(pages);
    };
    const text = await read(person);
    const secret = 'marker-idempotency_key-request_hash-end';
    expect(markers.filter((marker) => !text.includes(marker))).toEqual([secret]);
    expect(await read(aPerson())).not.toContain('marker-');
  });

  it('is nowhere after erasure, but where it is declared to stay; twice is once', async () => {
    await plant();
    const kept = personalTables
      .filter(({ onErasure }) => onErasure.kind === 'keep')
      .map(({ table }) => table);
    const erase = () =>
      inTransaction(serviceContext(world.deps, 'test'), (tx) =>
        erasePerson(tx.db, personalTables, person),
      );
    await erase();
    const left = (await findMarkers(world.db)).filter(
      (found) => !kept.includes(found.split(':')[0] ?? ''),
    );
    expect(left).toEqual([]);
    await erase();
  });

  it('is left alone when it is of others', async () => {
    await plant();
    const before = await findMarkers(world.db);
    await inTransaction(serviceContext(world.deps, 'test'), (tx) =>
      erasePerson(tx.db, personalTables, aPerson()),
    );
    expect(await findMarkers(world.db)).toEqual(before);
  });

  it('is erased when identity says so, and a receipt says what', async () => {
    await plant();
    const [consumer] = personalData.consumers;
    const erasureId = newId();
    await inTransaction(serviceContext(world.deps, 'test'), async (tx) => {
      await consumer?.handle(tx, [
        {
          id: newId<'Event'>(),
          type: ErasureRequested.name,
          occurredAt: '2026-01-01T00:00:00.000Z',
          requestId: 'test',
          payload: { erasureId, ...person },
        },
      ]);
    });
    const [receipt] = await emitted(world.db);
    expect(receipt).toMatchObject({
      type: 'privacy.part.erased.v1',
      payload: { erasureId, part: 'content' },
    });
    expect(receipt?.payload['tables']).toContainEqual({ table: 'comment', rows: 1 });
  });

  it('is read by identity alone, page by page', async () => {
    await plant();
    await world.db.query(
      `INSERT INTO comment (id, community_id, target_type, target_id, author_id, body_html, created_at)
       SELECT gen_random_uuid(), gen_random_uuid(), 'question', gen_random_uuid(), $1, 'c' || n, now()
       FROM generate_series(1, 1200) AS n`,
      [memberId],
    );
    const index = personalTables.findIndex(({ table }) => table === 'comment');
    const seen = new Set<string>();
    let after: string | null = null;
    do {
      const reply: { data: { contentPersonalData: string } } = await world.run(
        null,
        `query ($a: ID!, $m: [ID!]!, $t: Int!, $after: String) { contentPersonalData(accountId: $a, memberIds: $m, table: $t, after: $after) }`,
        { a: person.accountId, m: person.memberIds, t: index, after },
      );
      const page = JSON.parse(reply.data.contentPersonalData) as {
        rows: { id: string }[];
        next: string | null;
      };
      for (const { id } of page.rows) seen.add(id);
      after = page.next;
    } while (after !== null);
    expect(seen.size).toBe(1201);
  });
});
