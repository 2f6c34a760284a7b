import { CommunityCreated, newId } from '@lyceum/contracts';
import { content } from '@lyceum/content/app';
import { testDatabase } from '@lyceum/testing';
import { replayDeadLettersOf } from './dead-letters';

it('lets an event take effect that could not, and keeps one that still cannot', async () => {
  const { url, dataSource, drop } = await testDatabase(content.database);
  const communityId = newId<'Community'>();
  const event = {
    id: newId<'Event'>(),
    type: CommunityCreated.name,
    occurredAt: '2026-01-01T00:00:00.000Z',
    requestId: 'r',
    payload: {
      communityId,
      slug: 'late',
      name: 'Late',
      timeZone: 'UTC',
      rules: { preset: 'balanced', parameters: {} },
    },
  };
  const bury = (consumer: string): Promise<unknown> =>
    dataSource.query(
      'INSERT INTO dead_letter (consumer, event_id, envelope, error) VALUES ($1, $2, $3, $4)',
      [consumer, event.id, JSON.stringify(event), 'the disk was full'],
    );
  const consumer = content
    .createApp(undefined as never)
    .consumers.find(({ types }) => types.includes(CommunityCreated));
  await bury(consumer?.name ?? '');
  await bury('content.a-consumer-of-long-ago');

  expect(await replayDeadLettersOf(content, url)).toEqual({
    app: 'content',
    replayed: 1,
    failed: 1,
  });

  const letters: { consumer: string }[] = await dataSource.query(
    'SELECT consumer FROM dead_letter',
  );
  expect(letters).toEqual([{ consumer: 'content.a-consumer-of-long-ago' }]);
  const inbox: { event_id: string }[] = await dataSource.query('SELECT event_id FROM inbox');
  expect(inbox).toEqual([{ event_id: event.id }]);
  await drop();
});
