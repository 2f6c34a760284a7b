import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Supergraph } from '@apollo/federation-internals';
import { parse, validate } from 'graphql';

const root = join(__dirname, '..', '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const schema = Supergraph.build(read('apps/gateway/supergraph.graphql'))
  .apiSchema()
  .toGraphQLJSSchema();

it.each(['README.md', 'README.zh-CN.md', 'docs/tour.md'])(
  '%s shows queries that the graph answers',
  (page) => {
    const queries = [...read(page).matchAll(/^```graphql\n([^]*?)\n```$/gm)].map(
      ([, text]) => text ?? '',
    );
    expect(queries).not.toEqual([]);

    const problems = queries.flatMap((query) => validate(schema, parse(query)));

    expect(problems.map(({ message }) => message)).toEqual([]);
  },
);
