import { composeSupergraph } from '@lyceum/gateway/compose';
import { breakingChanges } from './breaking-changes';

const supergraph = (fields: string): string => {
  const composed = composeSupergraph([
    {
      name: 'a',
      sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@inaccessible"])
        type Query { ${fields} }`,
    },
  ]);
  if ('errors' in composed) throw new Error(composed.errors.join());
  return composed.supergraphSdl;
};

it('tells what clients would miss', () => {
  expect(breakingChanges(supergraph('a: Int b: Int'), supergraph('a: Int'))).toEqual([
    'Query.b was removed.',
  ]);
});

it('finds nothing in additions, and in what clients never saw', () => {
  expect(
    breakingChanges(supergraph('a: Int c: Int @inaccessible'), supergraph('a: Int b: Int')),
  ).toEqual([]);
});
