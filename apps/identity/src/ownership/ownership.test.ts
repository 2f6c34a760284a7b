import type { CommunityId, MemberId } from '@lyceum/contracts';
import { emitted } from '@lyceum/testing';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';

describe('ownership', () => {
  let world: IdentityWorld;
  let owner: Person;
  let heir: Person;
  let heirId: MemberId;
  let communityId: CommunityId;
  beforeAll(async () => {
    world = await identityWorld();
  });
  beforeEach(async () => {
    world.setNow('2026-01-01T00:00:00Z');
    owner = await world.person();
    heir = await world.person();
    ({ id: communityId } = await world.community(owner));
    heirId = await world.member(heir, communityId);
    await world.db.query('TRUNCATE outbox');
  });
  afterAll(() => world.close());

  const run = async (name: string, input: object, who: Person) => {
    const type = name === 'offerOwnership' ? 'OfferOwnershipInput' : 'AnswerOfferInput';
    const { data, codes } = await world.ask<Record<string, { __typename: string; code?: string }>>(
      `mutation ($input: ${type}!) { ${name}(input: $input) { __typename ... on UserError { code } ${name === 'acceptOwnership' ? '... on Member { role }' : ''} } }`,
      { input },
      who,
    );
    return data[name] ?? { code: codes[0] };
  };
  const offer = (more: object = {}) => run('offerOwnership', { memberId: heirId, ...more }, owner);
  const accept = (who = heir) => run('acceptOwnership', { communityId }, who);
  const decline = (who = heir) => run('declineOwnership', { communityId }, who);
  const rolesNow = () =>
    world.db
      .query<{ handle: string; role: string }[]>(
        `SELECT a.handle, m.role FROM member AS m JOIN account AS a ON a.id = m.account_id WHERE community_id = $1`,
        [communityId],
      )
      .then((rows) => Object.fromEntries(rows.map(({ handle, role }) => [handle, role])));

  it('goes over when both sides have said yes, in one step that everyone is told of', async () => {
    expect(await offer()).toMatchObject({ __typename: 'OwnershipOffer' });
    expect(await rolesNow()).toEqual({ [owner.handle]: 'owner', [heir.handle]: 'member' });
    expect(await accept()).toMatchObject({ role: 'OWNER' });
    expect(await rolesNow()).toEqual({ [owner.handle]: 'admin', [heir.handle]: 'owner' });
    expect((await emitted(world.db)).map(({ payload }) => payload['role'])).toEqual([
      'owner',
      'admin',
    ]);
    expect(await accept()).toMatchObject({ code: 'OFFER_NOT_FOUND' });
  });

  it('can be shared', async () => {
    await offer({ keepsOwn: true });
    await accept();
    expect(await rolesNow()).toEqual({ [owner.handle]: 'owner', [heir.handle]: 'owner' });
  });

  it('is not taken by others, nor after two weeks, nor when it was taken back or declined', async () => {
    const other = await world.person();
    await world.member(other, communityId, { role: 'admin' });
    await offer();
    expect(await accept(other)).toMatchObject({ code: 'OFFER_NOT_FOUND' });
    expect(await accept(owner)).toMatchObject({ code: 'OFFER_NOT_FOUND' });
    expect(await accept(await world.person())).toMatchObject({ code: 'NOT_A_MEMBER' });
    expect(await decline(other)).toMatchObject({ code: 'OFFER_NOT_FOUND' });
    world.setNow('2026-01-15T00:00:00Z');
    expect(await accept()).toMatchObject({ code: 'UNAUTHENTICATED' }); // the token is older
    world.setNow('2026-01-01T00:00:00Z');
    expect(await decline(owner)).toMatchObject({ __typename: 'OwnershipOffer' });
    expect(await accept()).toMatchObject({ code: 'OFFER_NOT_FOUND' });
    await offer();
    await world.db.query(`UPDATE ownership_offer SET expires_at = '2026-01-01T00:00:00Z'`);
    expect(await accept()).toMatchObject({ code: 'OFFER_NOT_FOUND' });
    expect(await rolesNow()).toMatchObject({ [owner.handle]: 'owner', [heir.handle]: 'member' });
  });

  it('is not given by who is no owner any more, nor to who is no member', async () => {
    await offer({ keepsOwn: true });
    await world.db.query(`UPDATE member SET role = 'admin' WHERE account_id = $1`, [owner.id]);
    expect(await accept()).toMatchObject({ code: 'OFFER_NOT_FOUND' });
    await world.db.query(`UPDATE member SET role = 'owner' WHERE account_id = $1`, [owner.id]);
    const left = await world.member(await world.person(), communityId, { status: 'left' });
    expect(await offer({ memberId: left })).toMatchObject({ code: 'MEMBER_NOT_FOUND' });
    expect(await offer({ memberId: 'nonsense' })).toMatchObject({ code: 'MEMBER_NOT_FOUND' });
  });

  it('accepted many times at once changes hands once', async () => {
    await offer();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => accept()));
    expect(outcomes.filter((o) => '__typename' in o && o.__typename === 'Member')).toHaveLength(1);
    expect(await rolesNow()).toEqual({ [owner.handle]: 'admin', [heir.handle]: 'owner' });
  });
});
