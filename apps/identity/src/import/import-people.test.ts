import { eventTypeNamed, importedEventId, importedId, type CommunityId } from '@lyceum/contracts';
import type { ImportStep } from '@lyceum/platform';
import { emitted, testDatabase, type TestDatabase } from '@lyceum/testing';
import { database } from '../database';
import { importCommunity, SlugTaken } from './import-community';
import { importPeople } from './import-people';
import type { ImportedPerson } from './records';

const at = '2021-05-01T10:00:00.123Z';
const communityId = importedId<'Community'>('c');

const aPerson = (n: number, displayName: string): ImportedPerson => ({
  accountId: importedId('a', n),
  memberId: importedId('m', n),
  importedFrom: `x:${n}`,
  displayName,
  joinedAt: at,
  joinedEventId: importedEventId({ at: new Date(at), ordinal: n }, 'joined'),
  membershipEventId: importedEventId({ at: new Date(at), ordinal: n }, 'membership'),
});

const step = (phase: string, rowNumber: number, fingerprint = 'f'): ImportStep => ({
  source: 'stackexchange:x',
  phase,
  fingerprint,
  rowNumber,
});

let test: TestDatabase;
beforeEach(async () => {
  test = await testDatabase(database);
});
afterEach(() => test.drop());

const found = (slug = 'site', id: CommunityId = communityId) =>
  importCommunity(test.dataSource, step(`community-${id}`, 1), {
    id,
    slug,
    name: 'A site',
    foundedAt: at,
    rules: { preset: 'stack-exchange', parameters: { questionUpvote: 10 } },
    eventId: importedEventId({ at: new Date(at), ordinal: 0 }, 'community'),
  });
const join = (people: readonly ImportedPerson[], at = step('people', people.length)) =>
  importPeople(test.dataSource, at, { communityId, people });
const handles = async (): Promise<string[]> => {
  const rows = await test.dataSource.query<{ handle: string }[]>(
    'SELECT handle FROM account ORDER BY imported_from',
  );
  return rows.map(({ handle }) => handle);
};

describe('importCommunity', () => {
  it('founds the community once, with the rules its dump asks for', async () => {
    expect(await found()).toBe(1);
    expect(await found()).toBe(0);
    const events = await emitted(test.dataSource.manager);
    expect(events.map(({ type, payload }) => [type, payload['rules']])).toEqual([
      [
        'identity.community.created.v1',
        { preset: 'stack-exchange', parameters: { questionUpvote: 10 } },
      ],
    ]);
  });

  it('refuses a slug that another community has', async () => {
    await found('site', importedId('another'));
    await expect(found()).rejects.toThrow(SlugTaken);
    expect(await test.dataSource.query('SELECT FROM community')).toHaveLength(1);
  });
});

describe('importPeople', () => {
  beforeEach(() => found());

  it('makes accounts without password, members that count, and events that say so', async () => {
    expect(await join([aPerson(1, 'Ann'), aPerson(2, 'Bob')])).toBe(2);
    const accounts = await test.dataSource.query(
      'SELECT email, password_hash, display_name FROM account ORDER BY 3',
    );
    expect(accounts).toEqual([
      { email: null, password_hash: null, display_name: 'Ann' },
      { email: null, password_hash: null, display_name: 'Bob' },
    ]);
    expect(await test.dataSource.query('SELECT member_count FROM community')).toEqual([
      { member_count: 2 },
    ]);
    const events = (await emitted(test.dataSource.manager)).slice(1);
    expect(events.map(({ type }) => type.split('.')[1])).toEqual([
      'member',
      'membership',
      'member',
      'membership',
    ]);
    for (const { type, payload, occurredAt } of events) {
      expect(eventTypeNamed(type)?.payload.parse(payload)).toEqual(payload);
      expect(occurredAt.toISOString()).toBe(at);
    }
  });

  it('gives everyone a handle of their own, in one batch, in the next, and beside those who registered', async () => {
    await test.dataSource.query(
      `INSERT INTO account (id, handle, display_name, created_at) VALUES (gen_random_uuid(), 'ANN', 'Ann', now())`,
    );
    await join([aPerson(1, 'ann'), aPerson(2, 'Bob'), aPerson(3, 'bob')]);
    await join([aPerson(4, 'Bob'), aPerson(5, '中文'), aPerson(6, '中文')], step('people', 6));
    const imported = (await handles()).filter((handle) => handle !== 'ANN');
    expect(imported).toEqual([
      expect.stringMatching(/^ann-[0-9a-f]{8}$/),
      'Bob',
      expect.stringMatching(/^bob-[0-9a-f]{8}$/),
      expect.stringMatching(/^Bob-[0-9a-f]{8}$/),
      'member',
      expect.stringMatching(/^member-[0-9a-f]{8}$/),
    ]);
  });

  it('changes and tells nothing when a step is taken again, or another file has the same people', async () => {
    await join([aPerson(1, 'Ann'), aPerson(2, 'Bob')]);
    const before = await handles();
    expect(await join([aPerson(1, 'Ann'), aPerson(2, 'Bob')])).toBe(0);
    expect(await join([aPerson(1, 'Anna'), aPerson(3, 'Cem')], step('people', 2, 'other'))).toBe(1);
    expect(await handles()).toEqual([...before, 'Cem']);
    expect(await emitted(test.dataSource.manager)).toHaveLength(1 + 3 * 2);
  });
});
