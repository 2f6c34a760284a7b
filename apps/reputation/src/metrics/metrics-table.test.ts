import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricsTable } from './metrics-table';

it('is in docs/metrics.md as the code has it', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/metrics.md'), 'utf8');
  const [, table] = /<!-- metrics -->\n\n([^]*?)\n\n<!-- end of metrics -->/.exec(page) ?? [];
  // However the columns are padded.
  const bare = (text = '') => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---');
  expect(bare(table)).toBe(bare(metricsTable()));
});
