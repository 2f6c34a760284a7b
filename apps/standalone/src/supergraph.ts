import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** As `npm run schema` has composed it; it is committed, and checked for drift. */
export const readSupergraph = (): Promise<string> =>
  readFile(join(__dirname, '../../gateway/supergraph.graphql'), 'utf8');
