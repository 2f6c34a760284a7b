import { identityWorld, type IdentityWorld } from '../identity-world.factory';

describe('updateProfile', () => {
  let world: IdentityWorld;
  beforeAll(async () => {
    world = await identityWorld();
  });
  afterAll(() => world.close());

  const update = `mutation ($input: UpdateProfileInput!) {
    updateProfile(input: $input) { handle displayName bio links locale timeZone } }`;

  it('changes what is given, for everyone to see, and leaves the rest', async () => {
    const person = await world.person();
    const other = await world.person();
    await world.ask(update, { input: { bio: 'Likes <b>Rust</b>', locale: 'zh-cn' } }, person);
    const input = {
      displayName: '林 Lin',
      links: ['https://example.org/lin'],
      timeZone: 'Asia/Shanghai',
    };
    const { data } = await world.ask(update, { input }, person);
    const profile = { handle: person.handle, bio: 'Likes <b>Rust</b>', locale: 'zh-CN', ...input };
    expect(data).toEqual({ updateProfile: profile });

    const { data: seen } = await world.ask(
      `query ($id: ID!, $other: ID!) {
        account(id: $id) { handle displayName bio links locale timeZone }
        other: account(id: $other) { bio } }`,
      { id: person.id, other: other.id },
    );
    expect(seen).toEqual({ account: profile, other: { bio: '' } });
  });

  it('leaves e-mail address and password alone', async () => {
    const person = await world.person();
    const secrets = ['keep@example.org', 'kept-hash'];
    await world.db.query('UPDATE account SET email = $2, password_hash = $3 WHERE id = $1', [
      person.id,
      ...secrets,
    ]);
    await world.ask(update, { input: { bio: 'New' } }, person);
    const [row] = await world.db.query<object[]>(
      'SELECT email, password_hash FROM account WHERE id = $1',
      [person.id],
    );
    expect(Object.values(row ?? {})).toEqual(secrets);
  });

  it.each([
    { links: ['javascript:alert(1)'] },
    { links: ['https://user:secret@example.org'] },
    { links: ['//example.org'] },
    { links: Array.from({ length: 11 }, () => 'https://example.org') },
    { displayName: '' },
    { bio: 'x'.repeat(4_001) },
    { locale: '-' },
    { timeZone: 'here' },
  ])('answers BAD_INPUT to %j', async (input) => {
    const person = await world.person();
    const { codes, errors } = await world.ask(update, { input }, person);
    expect(codes).toEqual(['BAD_INPUT']);
    expect(errors[0]?.extensions['field']).toBe(Object.keys(input)[0]);
  });
});
