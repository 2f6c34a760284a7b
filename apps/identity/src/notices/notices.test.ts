import {
  AlertChanged,
  newId,
  SubscriptionNoticeDue,
  type AccountId,
  type CommunityId,
  type Envelope,
  type EventType,
} from '@lyceum/contracts';
import { inTransaction, serviceContext } from '@lyceum/platform';
import {
  accountWorld,
  type AccountWorld,
  type Registered,
} from '../accounts/account-world.factory';
import { mailNotices } from './mail-notices.consumer';

describe('mails of notices', () => {
  let world: AccountWorld;
  let owner: Registered;
  let communityId: CommunityId;
  beforeAll(async () => {
    world = await accountWorld();
    owner = await world.register();
    ({ id: communityId } = await world.community(owner, { name: 'Rust' }));
  });
  afterAll(() => world.close());

  const hear = async <Payload>(type: EventType<string, Payload>, payload: Payload) => {
    const event: Envelope = {
      id: newId<'Event'>(),
      type: type.name,
      occurredAt: '2026-01-01T00:00:00.000Z',
      requestId: 'test',
      payload: type.payload.parse(payload),
    };
    await inTransaction(serviceContext(world.deps, 'test'), (tx) =>
      mailNotices.handle(tx, [event]),
    );
  };
  const newest = async (email: string) => (await world.mailTo(email))[0];
  const count = async (email: string) => (await world.mailTo(email)).length;

  it.each([
    ['trial-ending', 'free trial in Rust ends on January 2, 2026 at 11:00'],
    ['renewal-upcoming', 'is renewed on January 2, 2026'],
    ['payment-failed', 'in Rust failed on'],
    ['ended', 'Nothing more is charged'],
    ['paused', 'is paused since'],
    ['resumed', 'goes on since'],
  ] as const)('tell a subscriber of %s, in words and in the own zone', async (notice, words) => {
    await world.db.query(`UPDATE account SET time_zone = 'Asia/Shanghai' WHERE id = $1`, [
      owner.id,
    ]);
    await hear(SubscriptionNoticeDue, {
      subscriptionId: newId<'Subscription'>(),
      accountId: owner.id,
      communityId,
      notice,
      at: '2026-01-02T03:00:00.000Z',
    });
    expect(await newest(owner.email)).toMatchObject({ template: `subscription-${notice}` });
    expect((await newest(owner.email))?.text.replace('\u202f', ' ')).toContain(words);
    expect((await newest(owner.email))?.text).not.toMatch(/[{}]|Invalid|undefined/);
  });

  it('are in Chinese for who reads Chinese', async () => {
    await world.db.query(`UPDATE account SET locale = 'zh-CN' WHERE id = $1`, [owner.id]);
    const at = '2026-01-02T03:00:00.000Z';
    const told = { subscriptionId: newId<'Subscription'>(), communityId, at };
    await hear(SubscriptionNoticeDue, { ...told, accountId: owner.id, notice: 'paused' });
    await world.db.query(`UPDATE account SET locale = 'en' WHERE id = $1`, [owner.id]);
    expect(await newest(owner.email)).toMatchObject({ subject: '您的订阅已暂停' });
  });

  const alert = (createdBy: AccountId | undefined, isFiring = true) =>
    hear(AlertChanged, {
      ...{ communityId, ruleId: newId(), createdBy, name: 'Quiet', metric: 'questions' },
      ...{ isFiring, value: 0, reason: '0 is below 5.' },
    });

  it('tell an alert to who set it, as long as it may see the metric, and to nobody else', async () => {
    const analyst = await world.register();
    const memberId = await world.member(analyst, communityId, { role: 'analyst' });
    await alert(analyst.id);
    expect(await newest(analyst.email)).toMatchObject({ subject: 'Alert: Quiet' });
    expect((await newest(analyst.email))?.text).toContain('0 is below 5.');
    await alert(analyst.id, false);
    expect(await newest(analyst.email)).toMatchObject({ subject: 'Over: Quiet' });

    const before = [await count(analyst.email), await count(owner.email)];
    await alert(undefined);
    await alert(newId<'Account'>());
    await world.db.query(`UPDATE member SET role = 'member' WHERE id = $1`, [memberId]);
    await alert(analyst.id);
    await world.db.query(`UPDATE member SET role = 'analyst', status = 'banned' WHERE id = $1`, [
      memberId,
    ]);
    await alert(analyst.id);
    expect([await count(analyst.email), await count(owner.email)]).toEqual(before);
  });
});
