import { importedEventId, importedId, isId, newId } from './ids';

describe('importedId', () => {
  it('is the same for the same name, and for no other', () => {
    expect(importedId('site', 'user', 1)).toBe(importedId('site', 'user', '1'));
    expect(importedId('site', 'user', 11)).not.toBe(importedId('site', 'user1', 1));
    expect(isId(importedId('site', 'user', 1))).toBe(true);
  });
});

describe('importedEventId', () => {
  const at = new Date('2021-05-01T00:00:00Z');

  it('sorts by time, then by the order of the source, as text', () => {
    const ids = [0, 1, 255, 256, 4_095, 4_096, 1_048_576, 2_147_483_647].map((ordinal) =>
      importedEventId({ at, ordinal }, 'vote', ordinal),
    );
    expect(ids.toSorted()).toEqual(ids);
    const later = importedEventId({ at: new Date(at.getTime() + 1), ordinal: 0 }, 'vote', 0);
    expect([...ids, later].toSorted()).toEqual([...ids, later]);
    expect(ids.every(isId)).toBe(true);
  });

  it('differs by name within one instant and ordinal, and sorts among ids made now', () => {
    expect(importedEventId({ at, ordinal: 7 }, 'a')).not.toBe(
      importedEventId({ at, ordinal: 7 }, 'b'),
    );
    expect(importedEventId({ at, ordinal: 7 }, 'a') < newId<'Event'>()).toBe(true);
  });
});
