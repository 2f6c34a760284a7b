import { composeSupergraph } from './compose';

describe('composing', () => {
  const link =
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])';
  const people = {
    name: 'people',
    sdl: `${link} type Query { me: Person } type Person @key(fields: "id") { id: ID! }`,
  };

  it('gives a supergraph without the addresses of anything', () => {
    const composed = composeSupergraph([people]);
    if ('errors' in composed) throw new Error(composed.errors.join());
    expect(composed.supergraphSdl).toContain('http://people.subgraph.invalid');
  });

  it('says what does not fit together, by code', () => {
    const other = { name: 'other', sdl: 'type Query { you: Person } type Person { id: Int }' };
    expect(composeSupergraph([people, other])).toEqual({
      errors: expect.arrayContaining([expect.stringMatching(/^[A-Z_]+: /)]) as string[],
    });
  });

  it('says whose SDL cannot be read', () => {
    expect(composeSupergraph([people, { name: 'broken', sdl: 'type {' }])).toEqual({
      errors: [expect.stringMatching(/^broken: Syntax Error/)],
    });
  });
});
