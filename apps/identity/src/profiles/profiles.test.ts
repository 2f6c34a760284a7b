import { Transformer } from '@napi-rs/image';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';
import { renderBio } from './bio-html';

describe('profiles', () => {
  let world: IdentityWorld;
  beforeAll(async () => {
    world = await identityWorld({ limiter: () => Promise.resolve(0) });
  });
  afterAll(() => world.close());

  describe('changeHandle', () => {
    const change = async (person: Person, handle: string) => {
      const { data, codes } = await world.ask<{ changeHandle?: object }>(
        `mutation ($input: ChangeHandleInput!) { changeHandle(input: $input) {
          ... on Account { handle } ... on UserError { code } ... on HandleChangedRecently { retryAt } } }`,
        { input: { handle } },
        person,
      );
      return data.changeHandle ?? { code: codes[0] };
    };
    const find = async (handle: string) =>
      (
        await world.ask<{ account: { handle: string } | null }>(
          'query ($handle: String!) { account(handle: $handle) { handle } }',
          { handle },
        )
      ).data.account?.handle;

    it('keeps the old handle for the account, and leads from it to the new one', async () => {
      const ada = await world.person('Ada_L');
      const other = await world.person('other');
      expect(await change(ada, 'Lovelace')).toEqual({ handle: 'Lovelace' });
      expect(await find('ada_l')).toBe('Lovelace');
      expect(await change(other, 'Ada-L')).toEqual({ code: 'HANDLE_TAKEN' });
      expect(await change(ada, 'Lovelace2')).toMatchObject({ code: 'HANDLE_CHANGED_RECENTLY' });
      await world.db.query(`UPDATE former_handle SET left_at = left_at - interval '7 days'`);
      expect(await change(ada, 'Ada_L')).toEqual({ handle: 'Ada_L' });
      expect(await find('Lovelace')).toBe('Ada_L');
    });

    it.each([
      ['BOB-o1', 'bob_0l'],
      ['modern', 'modem'],
      ['willow', 'vvillow'],
      ['Iris', 'lris'],
    ])('of somebody called %s, refuses %s', async (taken, wanted) => {
      await world.person(taken);
      expect(await change(await world.person(), wanted)).toEqual({ code: 'HANDLE_TAKEN' });
    });

    it('to one that two want at once is given to one', async () => {
      const people = await Promise.all(Array.from({ length: 8 }, () => world.person()));
      const outcomes = await Promise.all(
        people.map((person, n) => change(person, n % 2 === 0 ? 'wanted-o' : 'Wanted_0')),
      );
      expect(outcomes.filter((outcome) => 'handle' in outcome)).toHaveLength(1);
      expect(outcomes.filter((o) => 'code' in o && o.code === 'HANDLE_TAKEN')).toHaveLength(7);
    });

    it.each(['ab', 'a b c', 'аdа', 'x'.repeat(31)])('refuses %s', async (handle) => {
      expect(await change(await world.person(), handle)).toEqual({ code: 'BAD_INPUT' });
    });
  });

  it('nobody registers with a handle that looks like one of another, be it a former one', async () => {
    await world.person('Rooster');
    const register = (handle: string) =>
      world.ask<{ register: { code?: string } }>(
        'mutation ($input: RegisterInput!) { register(input: $input) { ... on UserError { code } } }',
        {
          input: { handle, email: `${handle}@example.org`, password: 'walk-round-the-lake-17' },
        },
      );
    expect((await register('r00ster')).data.register.code).toBe('HANDLE_TAKEN');
  });

  describe('setAvatar', () => {
    const set = async (person: Person, image: string | null): Promise<string | null> => {
      const { data, codes } = await world.ask<{ setAvatar?: { avatarUrl: string | null } }>(
        'mutation ($input: SetAvatarInput!) { setAvatar(input: $input) { avatarUrl } }',
        { input: { image } },
        person,
      );
      return data.setAvatar?.avatarUrl ?? (codes.length > 0 ? String(codes[0]) : null);
    };
    const picture = (width: number, height: number) =>
      Transformer.fromRgbaPixels(Buffer.alloc(width * height * 4, 180), width, height);
    const get = (url: string) => world.server.inject({ method: 'GET', url });

    it.each(['png', 'jpeg', 'webp'] as const)(
      'takes a %s and keeps a square WebP',
      async (kind) => {
        const person = await world.person();
        const image = await picture(300, 200)[kind]();
        const url = String(await set(person, image.toString('base64')));
        expect(url).toMatch(/^\/files\/avatars\/[0-9a-f]{32}\.webp$/);
        const response = await get(url);
        expect(response.headers).toMatchObject({
          'content-type': 'image/webp',
          'x-content-type-options': 'nosniff',
        });
        expect(await new Transformer(response.rawPayload).metadata()).toMatchObject({
          width: 256,
          height: 256,
          format: 'webp',
        });
        const next = String(await set(person, image.toString('base64')));
        expect(next).not.toBe(url);
        expect((await get(url)).statusCode).toBe(404);
        expect(await set(person, null)).toBeNull();
        expect((await get(next)).statusCode).toBe(404);
      },
    );

    it('passes on nothing else that was in the file', async () => {
      const person = await world.person();
      const image = Buffer.concat([
        await picture(50, 50).png(),
        Buffer.from('<script>secret</script>'),
      ]);
      const url = String(await set(person, image.toString('base64')));
      expect((await get(url)).rawPayload.includes('secret')).toBe(false);
    });

    it('refuses what is no picture, too large a one, and one that unpacks into too much', async () => {
      const person = await world.person();
      const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>');
      const broken = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(40)]);
      const bomb = await picture(5_000, 4_000).png();
      expect(bomb.length).toBeLessThan(512 * 1024);
      for (const image of [
        svg.toString('base64'),
        broken.toString('base64'),
        bomb.toString('base64'),
        '',
        'not base64!',
        Buffer.alloc(512 * 1024 + 1).toString('base64'),
      ])
        expect(await set(person, image)).toBe('BAD_INPUT');
      for (const name of ['x.webp', '..%2f..%2fetc%2fpasswd', `${'0'.repeat(32)}.webp`])
        expect((await get(`/files/avatars/${name}`)).statusCode).toBe(404);
    });
  });

  describe('bios', () => {
    it.each([
      ['*Rust* and `c++`', '<p><em>Rust</em> and <code>c++</code></p>'],
      ['<script>alert(1)</script>', '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>'],
      ['[x](javascript:alert(1))', '<p>[x](javascript:alert(1))</p>'],
      ['![x](https://e.org/x.png)', '<p></p>'],
      ['[me](/settings)', '<p><a rel="nofollow ugc noopener me">me</a></p>'],
      [
        'https://e.org',
        '<p><a href="https://e.org" rel="nofollow ugc noopener me">https://e.org</a></p>',
      ],
    ])('%s', (markdown, html) => {
      expect(renderBio(markdown)).toBe(html);
    });
  });

  it('the data of an author page has what the profile shows, and cannot end its script element', async () => {
    const person = await world.person();
    await world.ask(
      'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { id } }',
      { input: { displayName: '</script><b>', bio: '**Hi**', links: ['https://e.org/'] } },
      person,
    );
    const { data } = await world.ask<{ account: { jsonLd: string } }>(
      'query ($id: ID!) { account(id: $id) { jsonLd } }',
      { id: person.id },
    );
    expect(data.account.jsonLd).not.toContain('<');
    expect(JSON.parse(data.account.jsonLd)).toMatchObject({
      '@type': 'ProfilePage',
      mainEntity: {
        name: '</script><b>',
        alternateName: person.handle,
        description: 'Hi',
        sameAs: ['https://e.org/'],
      },
    });
  });
});
