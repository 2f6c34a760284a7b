import { newId, TrialEnded, TrialStarted, type Envelope } from '@lyceum/contracts';
import { inTransaction, serviceContext } from '@lyceum/platform';
import {
  aCommunity,
  aMember,
  anArticle,
  contentWorld,
  type ContentWorld,
} from '../content.factory';
import { recordTrial } from './record-trial.consumer';

describe('who is on trial', () => {
  let world: ContentWorld;
  beforeAll(async () => {
    world = await contentWorld();
  });
  beforeEach(() => world.setNow('2026-01-01T00:00:00Z'));
  afterAll(() => world.close());

  const aTrial = async () => {
    const person = await aMember(world.db, await aCommunity(world.db));
    const author = await aMember(world.db, person.communityId);
    const id = await anArticle(world.db, author);
    await world.db.query(`UPDATE article SET access = 'paid' WHERE id = $1`, [id]);
    const { accountId, memberId, communityId } = person;
    const trial = { trialId: newId(), accountId, communityId };
    const endsAt = '2026-01-15T00:00:00.000Z';
    return {
      started: event(TrialStarted.name, '2026-01-01', { ...trial, memberId, endsAt }),
      ended: event(TrialEnded.name, '2026-01-10', trial),
      hasText: async () =>
        (
          await world.run<{ article: { bodyMarkdown: string } }>(
            person,
            'query ($id: ID!) { article(id: $id) { bodyMarkdown } }',
            { id },
          )
        ).data.article.bodyMarkdown === 'Thus.',
    };
  };
  const event = (type: string, day: string, payload: object): Envelope => ({
    ...{ id: newId<'Event'>(), type, requestId: 'test', payload },
    occurredAt: `${day}T00:00:00.000Z`,
  });
  const hear = (...events: readonly Envelope[]) =>
    inTransaction(serviceContext(world.deps, 'test'), (tx) =>
      recordTrial.handle(tx, events as never),
    );

  it('reads what members pay for until the trial is over', async () => {
    const { started, hasText } = await aTrial();
    expect(await hasText()).toBe(false);
    await hear(started);
    await hear(started);
    expect(await hasText()).toBe(true);
    world.setNow('2026-01-15T00:00:00Z');
    expect(await hasText()).toBe(false);
  });

  it.each(['in order', 'the end first', 'together'])(
    'reads no more after its end: %s',
    async (way) => {
      const { started, ended, hasText } = await aTrial();
      if (way === 'in order') await hear(started).then(() => hear(ended));
      else if (way === 'together') await hear(ended, started);
      else await hear(ended).then(() => hear(started));
      expect(await hasText()).toBe(false);
    },
  );
});
