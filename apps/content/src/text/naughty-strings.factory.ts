import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const path = join(__dirname, '../../../../../shared/data/fuzz-blns/blns.json');

/** The Big List of Naughty Strings, from outside of the repository: 515 texts that have broken other software. */
export const naughtyStrings: readonly string[] = JSON.parse(readFileSync(path, 'utf8')) as string[];
