import type { CommunityId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';

describe('charters', () => {
  let world: IdentityWorld;
  let owner: Person;
  let member: Person;
  let communityId: CommunityId;
  beforeAll(async () => {
    world = await identityWorld();
  });
  beforeEach(async () => {
    owner = await world.person();
    member = await world.person();
    ({ id: communityId } = await world.community(owner));
    await world.member(member, communityId);
    await world.db.query('TRUNCATE outbox');
  });
  afterAll(() => world.close());

  const publish = async (input: object = {}, who = owner) => {
    const { data, codes } = await world.ask<{ publishCharter?: { version: number } }>(
      `mutation ($input: PublishCharterInput!) { publishCharter(input: $input) {
        ... on Charter { version } ... on UserError { code } } }`,
      { input: { communityId, rules: 'Be kind.', ...input } },
      who,
    );
    return data.publishCharter ?? { code: codes[0] };
  };
  const accept = async (version: number, who = member) => {
    const { data } = await world.ask<{ acceptCharter: object }>(
      `mutation ($input: AcceptCharterInput!) { acceptCharter(input: $input) {
        ... on Member { acceptedCharterVersion } ... on UserError { code } } }`,
      { input: { communityId, version } },
      who,
    );
    return data.acceptCharter;
  };
  const look = async (who: Person | null) =>
    (
      await world.ask<{ community: object }>(
        `query ($id: ID!) { community(id: $id) {
          viewerMustAcceptCharter charter { version rules } charters { version inForceFrom } } }`,
        { id: communityId },
        who,
      )
    ).data.community;

  it('come in versions with dates; the newest whose time has come is in force', async () => {
    await publish();
    await publish({ rules: 'Be kinder.', inForceFrom: '2026-01-01T00:05:00Z' });
    expect(await look(null)).toEqual({
      viewerMustAcceptCharter: false,
      charter: { version: 1, rules: 'Be kind.' },
      charters: [
        { version: 2, inForceFrom: '2026-01-01T00:05:00.000Z' },
        { version: 1, inForceFrom: '2026-01-01T00:00:00.000Z' },
      ],
    });
    world.setNow('2026-01-01T00:05:00Z');
    expect(await look(null)).toMatchObject({ charter: { version: 2 } });
    world.setNow('2026-01-01T00:00:00Z');
  });

  it('are accepted once, by members, in the version they name', async () => {
    await publish();
    expect(await look(member)).toMatchObject({ viewerMustAcceptCharter: true });
    expect(await look(owner)).toMatchObject({ viewerMustAcceptCharter: false });
    expect(await accept(1)).toEqual({ acceptedCharterVersion: 1 });
    expect(await accept(1)).toEqual({ acceptedCharterVersion: 1 });
    expect(await look(member)).toMatchObject({ viewerMustAcceptCharter: false });
    expect((await emitted(world.db)).map(({ type }) => type)).toEqual([
      'identity.charter.published.v1',
      'identity.charter.accepted.v1', // who published it
      'identity.charter.accepted.v1',
    ]);
    expect(await accept(2)).toMatchObject({ code: 'CHARTER_NOT_FOUND' });
    expect(await accept(-1)).toMatchObject({ code: 'CHARTER_NOT_FOUND' });
    expect(await accept(1, await world.person())).toMatchObject({ code: 'NOT_A_MEMBER' });
  });

  it('published at once get numbers without gaps', async () => {
    const versions = await Promise.all(Array.from({ length: 8 }, () => publish()));
    expect(versions.map((v) => 'version' in v && v.version).sort()).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]);
  });

  it.each([{ rules: '' }, { rules: 'x'.repeat(20_001) }, { inForceFrom: '2025-12-31T00:00:00Z' }])(
    'are refused with %j',
    async (input) => {
      expect(await publish(input)).toEqual({ code: 'BAD_INPUT' });
      expect(await emitted(world.db)).toEqual([]);
    },
  );
});
