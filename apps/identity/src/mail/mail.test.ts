import { accountWorld, password, type AccountWorld } from '../accounts/account-world.factory';
import { forgetMail } from './forget-mail.job';
import { createSmtpMailer, defaultMailSettings } from './mailer';
import { smtpStub, type SmtpStub } from './smtp-stub.factory';
import { mailLocaleOf, renderMail } from './templates';

const states = async (world: AccountWorld): Promise<unknown> =>
  world.db.query('SELECT state, attempts FROM mail ORDER BY created_at, id');

describe('mail over SMTP', () => {
  let world: AccountWorld;
  let smtp: SmtpStub;
  beforeAll(async () => {
    smtp = await smtpStub();
    world = await accountWorld({
      mail: {
        smtpUrl: smtp.url,
        from: 'Lyceum <no-reply@lyceum.example>',
        accountUrl: 'https://lyceum.example/account',
      },
    });
  });
  beforeEach(async () => {
    world.setNow('2026-01-01T00:00:00Z');
    await world.db.query('DELETE FROM mail');
    smtp.received.length = 0;
  });
  afterAll(async () => {
    await world.close();
    await smtp.close();
  });

  it('is sent once, after the commit, with the link and the code', async () => {
    const person = await world.register();
    expect(world.queued.get('jobs-identity-send-mail')?.length).toBeGreaterThan(0);
    await Promise.all([world.runMailJob(), world.runMailJob()]);
    await world.runMailJob();
    expect(smtp.received).toHaveLength(1);
    const [mail = ''] = smtp.received;
    expect(mail).toMatch(new RegExp(`^To: ${person.email}`, 'm'));
    expect(mail).toMatch(/^From: Lyceum <no-reply@lyceum.example>/m);
    expect(mail).toMatch(/^Message-ID: <[0-9a-f-]{36}@lyceum\.example>/m);
    expect(mail).toMatch(/^Auto-Submitted: auto-generated/m);
    expect(mail.replace(/=\r\n/g, '')).toContain('https://lyceum.example/account#verify-email=3D');
    expect(await states(world)).toEqual([{ state: 'sent', attempts: 1 }]);
  });

  it('is not sent when the transaction that wrote it failed', async () => {
    const person = await world.register();
    await world.runMailJob();
    smtp.received.length = 0;
    await world.mutate('register', {
      input: ['RegisterInput!', { handle: person.handle, email: 'z@example.org', password }],
    });
    await world.runMailJob();
    expect(smtp.received).toEqual([]);
  });

  it('is tried again later, with the same Message-ID, when the server is busy', async () => {
    await world.register();
    smtp.answers.push('450 busy', '451 still busy');
    await world.runMailJob();
    expect(await states(world)).toEqual([{ state: 'waiting', attempts: 1 }]);
    await world.runMailJob(); // not yet
    expect(await states(world)).toEqual([{ state: 'waiting', attempts: 1 }]);
    world.setNow('2026-01-01T00:00:31Z');
    await world.runMailJob();
    expect(await states(world)).toEqual([{ state: 'waiting', attempts: 2 }]);
    world.setNow('2026-01-01T00:02:00Z');
    await world.runMailJob();
    expect(await states(world)).toEqual([{ state: 'sent', attempts: 3 }]);
    expect(smtp.received).toHaveLength(1);
  });

  it('is given up at once for an address that the server does not take, and after ten tries', async () => {
    await world.register();
    smtp.answers.push('550 no such mailbox');
    await world.runMailJob();
    expect(await states(world)).toEqual([{ state: 'failed', attempts: 1 }]);

    await world.register();
    await world.db.query(`UPDATE mail SET attempts = 9 WHERE state = 'waiting'`);
    smtp.answers.push('450 busy');
    await world.runMailJob();
    expect(await states(world)).toEqual([
      { state: 'failed', attempts: 1 },
      { state: 'failed', attempts: 10 },
    ]);
  });

  it('of a sender that died is sent by the next one', async () => {
    await world.register();
    await world.db.query(
      `UPDATE mail SET attempts = 1, next_try_at = '2026-01-01T00:01:00Z' WHERE state = 'waiting'`,
    );
    await world.runMailJob();
    expect(smtp.received).toEqual([]);
    world.setNow('2026-01-01T00:01:00Z');
    await world.runMailJob();
    expect(smtp.received).toHaveLength(1);
  });

  it('goes to one address, whatever it looks like', async () => {
    const mailer = createSmtpMailer(smtp.url, defaultMailSettings.from);
    const content = { subject: 'a\r\nBcc: evil@example.org', text: 't', html: '<p>t</p>' };
    await mailer.send({ ...content, to: 'a@example.org', messageId: '<1@example.org>' });
    mailer.close();
    expect(smtp.received[0]).not.toMatch(/^Bcc:/m);
  });

  it('is forgotten after a month', async () => {
    await world.register();
    const run = () =>
      forgetMail.run(
        { deps: world.deps, ctx: world.as(null), signal: AbortSignal.timeout(1_000) },
        {},
      );
    world.setNow('2026-01-30T00:00:00Z');
    await run();
    expect(await states(world)).toHaveLength(1);
    expect(await world.db.query('SELECT FROM proof')).toEqual([]);
    world.setNow('2026-02-01T00:00:00Z');
    await run();
    expect(await states(world)).toEqual([]);
  });
});

describe('mail without an SMTP server', () => {
  let world: AccountWorld;
  beforeAll(async () => {
    world = await accountWorld();
  });
  afterAll(() => world.close());

  const open = (headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') =>
    world.server.inject({
      url: '/mail',
      headers: { host: 'localhost:4001', ...headers },
      remoteAddress,
    });

  it('is kept, and on a page, with working links', async () => {
    const person = await world.register();
    const mailed = await world.mailedToken(person.email, 'verify-email');
    const { statusCode, body, headers } = await open();
    expect(statusCode).toBe(200);
    expect(body).toContain(person.email);
    expect(body).toContain(
      `<a href="http://localhost:4000/account#verify-email=${mailed}" rel="noreferrer">`,
    );
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('shows names of people as they are, not as HTML', async () => {
    const person = await world.register();
    await world.db.query('UPDATE mail SET details = $2 WHERE account_id = $1', [
      person.id,
      JSON.stringify({ name: '<img src=x onerror=alert(1)> http://"onmouseover="x' }),
    ]);
    const { body } = await open();
    expect(body).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(body).not.toContain('<img');
    expect(body).not.toContain('"onmouseover=');
  });

  it.each<[string, Record<string, string>, string]>([
    ['from another machine', {}, '10.0.0.7'],
    ['under the name of another site', { host: 'evil.example' }, '127.0.0.1'],
    ['through a proxy', { 'x-forwarded-for': '10.0.0.7' }, '127.0.0.1'],
  ])('is nothing to see %s', async (_, headers, address) => {
    expect((await open(headers, address)).statusCode).toBe(404);
  });

  it('has no page once there is an SMTP server', async () => {
    const other = await accountWorld({
      mailer: { send: () => Promise.resolve(), close: () => undefined },
    });
    const { statusCode } = await other.server.inject({
      url: '/mail',
      headers: { host: 'localhost' },
    });
    expect(statusCode).toBe(404);
    await other.close();
  });
});

describe('what a mail says', () => {
  const action = { link: 'https://example.org/#verify-email=abc', code: 'abc' };

  it.each([
    ['en', 'en', 'Confirm your e-mail address'],
    ['en-GB', 'en', 'Confirm your e-mail address'],
    ['zh-CN', 'zh-CN', '请确认您的邮箱地址'],
    ['zh-Hant-TW', 'zh-CN', '请确认您的邮箱地址'],
    ['fr', 'en', 'Confirm your e-mail address'],
  ])('is in the reader’s language: %s', (locale, language, subject) => {
    const mail = { template: 'verify-email', locale: mailLocaleOf(locale), details: {} } as const;
    expect(mail.locale).toBe(language);
    expect(renderMail(mail, action).subject).toBe(subject);
  });

  it('has people’s words in one line, and escaped in HTML', () => {
    const name = 'Ann</p><script>\r\n\r\nhttps://evil.example $& {newEmail}';
    const mail = { template: 'verify-email', locale: 'en', details: { name } } as const;
    const { text, html } = renderMail(mail, action);
    expect(text).toMatch(/^Hello Ann<\/p><script> https:\/\/evil.example \$& \{newEmail\}, please/);
    expect(html).not.toContain('<script>');
    expect(html).toContain('&lt;script&gt;');
  });
});
