import { QueryFailedError } from 'typeorm';
import { createLog } from './log';

it('logs a failed query without the values it was about', () => {
  const lines: string[] = [];
  const log = createLog({ name: 'test', destination: { write: (line) => void lines.push(line) } });
  const cause = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (email)=(ada@example.org) already exists.',
    where: 'JSON data, line 1: ada@example.org',
  });
  log.error(
    { err: new QueryFailedError('INSERT …', ['ada@example.org'], cause) },
    'request.failed',
  );

  expect(lines.join()).not.toContain('ada@example.org');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'error',
    err: { type: 'QueryFailedError', message: 'duplicate key', code: '23505', query: 'INSERT …' },
  });
});
