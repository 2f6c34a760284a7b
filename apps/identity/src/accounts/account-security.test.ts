import { countStatements } from '@lyceum/testing';
import { accountWorld, password, type AccountWorld } from './account-world.factory';

const newPassword = 'curtains-on-the-sun';

describe('an account', () => {
  let world: AccountWorld;
  beforeAll(async () => {
    world = await accountWorld();
  });
  beforeEach(() => world.setNow('2026-01-01T00:00:00Z'));
  afterAll(() => world.close());

  const token = (value: string): Record<string, [string, unknown]> => ({
    token: ['String!', value],
  });
  const reset = (mailed: string, secret = newPassword) =>
    world.mutate('resetPassword', {
      input: ['ResetPasswordInput!', { token: mailed, newPassword: secret }],
    });

  describe('verifying its address', () => {
    it('is verified once by the link of the first mail', async () => {
      const person = await world.register();
      const mailed = await world.mailedToken(person.email, 'verify-email');
      expect(await world.mutate('verifyEmail', token(mailed))).toMatchObject({ id: person.id });
      expect(await world.mutate('verifyEmail', token(mailed))).toMatchObject({
        code: 'LINK_NOT_VALID',
      });
      const { data } = await world.ask('{ me { isEmailVerified } }', {}, person.token);
      expect(data).toEqual({ me: { isEmailVerified: true } });
    });

    it('gets a new link on request, which ends the old one, until it is verified', async () => {
      const person = await world.register();
      const old = await world.mailedToken(person.email, 'verify-email');
      world.setNow('2026-01-01T00:00:05Z');
      expect(await world.mutate('sendVerificationEmail', {}, person)).toEqual({ answer: true });
      const fresh = await world.mailedToken(person.email, 'verify-email');
      expect(await world.mutate('verifyEmail', token(old))).toMatchObject({
        code: 'LINK_NOT_VALID',
      });
      expect(await world.mutate('verifyEmail', token(fresh))).toMatchObject({ id: person.id });
      expect(await world.mutate('sendVerificationEmail', {}, person)).toEqual({ answer: false });
    });

    it('refuses a link after three days, and what is none', async () => {
      const person = await world.register();
      const mailed = await world.mailedToken(person.email, 'verify-email');
      for (const none of ['', 'x', 'a'.repeat(43), `${mailed} `, 'é'.repeat(43)])
        expect(await world.mutate('verifyEmail', token(none))).toMatchObject({
          code: 'LINK_NOT_VALID',
        });
      world.setNow('2026-01-04T00:00:01Z');
      expect(await world.mutate('verifyEmail', token(mailed))).toMatchObject({
        code: 'LINK_NOT_VALID',
      });
    });
  });

  describe('without a password', () => {
    const set = (who: { token: string }, secret = newPassword) =>
      world.mutate('setPassword', { input: ['SetPasswordInput!', { newPassword: secret }] }, who);
    const without = async () => {
      const person = await world.register();
      await world.db.query('UPDATE account SET password_hash = NULL WHERE id = $1', [person.id]);
      return person;
    };

    it('sets its first one after a fresh log-in, once, and other devices are logged out', async () => {
      const person = await world.register();
      const other = await world.login(person.handle);
      await world.db.query('UPDATE account SET password_hash = NULL WHERE id = $1', [person.id]);
      expect(await set(person, 'short')).toMatchObject({ code: 'WEAK_PASSWORD' });
      const outcomes = await Promise.all([set(person), set(person, 'blinds-on-the-stars')]);
      expect(outcomes.map((one) => one['code'] ?? one['__typename']).sort()).toEqual([
        'PASSWORD_IS_SET',
        'PasswordChanged',
      ]);
      expect(await world.canRefresh(other.refreshToken)).toBe(false);
      expect(await world.canRefresh(person.refreshToken)).toBe(true);
      expect((await world.mailTo(person.email))[0]).toMatchObject({ template: 'password-changed' });
    });

    it('logs in again first, when the log-in is older than ten minutes', async () => {
      const person = await without();
      world.setNow('2026-01-01T00:09:59Z');
      const late = await without();
      world.setNow('2026-01-01T00:10:00Z');
      expect(await set(person)).toMatchObject({ code: 'LOG_IN_AGAIN' });
      expect(await set(late)).toMatchObject({ __typename: 'PasswordChanged' });
      expect(await world.login(late.handle, newPassword)).toMatchObject({
        __typename: 'AuthPayload',
      });
    });

    it('keeps the password that it has', async () => {
      const person = await world.register();
      expect(await set(person)).toMatchObject({ code: 'PASSWORD_IS_SET' });
      expect(await world.login(person.handle, password)).toMatchObject({
        __typename: 'AuthPayload',
      });
    });
  });

  describe('whose password is forgotten', () => {
    const ask = (email: string) =>
      world.mutate('requestPasswordReset', { email: ['String!', email] });

    it('gets another one by mail, and everybody is logged out', async () => {
      const person = await world.register();
      expect(await ask(person.email.toUpperCase())).toEqual({ answer: true });
      await world.runMailJob();
      const mailed = await world.mailedToken(person.email, 'reset-password');

      expect(await reset(mailed)).toMatchObject({ __typename: 'PasswordChanged' });
      expect(await world.login(person.handle)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
      expect(await world.login(person.handle, newPassword)).toMatchObject({
        __typename: 'AuthPayload',
      });
      expect(await world.canRefresh(person.refreshToken)).toBe(false);
      expect((await world.mailTo(person.email)).map(({ template }) => template)).toContain(
        'password-changed',
      );
      const [row] = await world.db.query<{ at: Date | null }[]>(
        'SELECT email_verified_at AS at FROM account WHERE id = $1',
        [person.id],
      );
      expect(row?.at).not.toBeNull(); // who follows the link reads the mail of the address
    });

    it('takes a link once, in its hour, and only the latest', async () => {
      const person = await world.register();
      await ask(person.email);
      await world.runMailJob();
      const first = await world.mailedToken(person.email, 'reset-password');
      world.setNow('2026-01-01T00:00:10Z');
      await ask(person.email);
      await world.runMailJob();
      const second = await world.mailedToken(person.email, 'reset-password');
      expect(second).not.toBe(first);
      expect(await reset(first)).toMatchObject({ code: 'LINK_NOT_VALID' });

      const both = await Promise.all([reset(second), reset(second)]);
      const outcomes = both.map((answer) => answer['__typename']).sort();
      expect(outcomes).toEqual(['LinkNotValid', 'PasswordChanged']);

      await ask(person.email);
      await world.runMailJob();
      const late = await world.mailedToken(person.email, 'reset-password');
      world.setNow('2026-01-01T01:00:11Z');
      expect(await reset(late)).toMatchObject({ code: 'LINK_NOT_VALID' });
    });

    it('keeps the link when the new password is refused', async () => {
      const person = await world.register();
      await ask(person.email);
      await world.runMailJob();
      const mailed = await world.mailedToken(person.email, 'reset-password');
      expect(await reset(mailed, 'password12345')).toMatchObject({ code: 'WEAK_PASSWORD' });
      expect(await reset(mailed)).toMatchObject({ __typename: 'PasswordChanged' });
    });

    it('is not told apart from an unknown one: same answer, same statements, and no mail', async () => {
      const person = await world.register();
      const seen = new Set<string>();
      for (const address of [person.email, 'nobody@example.org']) {
        const statements = countStatements(world.deps);
        const answer = await ask(address);
        const texts = statements.stop().map((text) => text.replace(/\s+/g, ' '));
        seen.add(JSON.stringify({ answer, texts }));
      }
      expect(seen.size).toBe(1);
      expect(await world.mailTo('nobody@example.org')).toEqual([]);
    });

    it('stores no token, only its hash', async () => {
      const person = await world.register();
      await ask(person.email);
      await world.runMailJob();
      const mailed = await world.mailedToken(person.email, 'reset-password');
      const rows = await world.db.query(
        'SELECT proof.*, mail.* FROM proof, mail WHERE proof.account_id = $1',
        [person.id],
      );
      expect(JSON.stringify(rows)).not.toContain(mailed);
    });
  });

  describe('changing its password', () => {
    const change = (who: { token: string }, currentPassword: string, next = newPassword) =>
      world.mutate(
        'changePassword',
        { input: ['ChangePasswordInput!', { currentPassword, newPassword: next }] },
        who,
      );

    it('stays logged in here, and nowhere else', async () => {
      const person = await world.register();
      const elsewhere = await world.login(person.handle);
      expect(await change(person, password)).toMatchObject({ __typename: 'PasswordChanged' });
      expect(await world.canRefresh(person.refreshToken)).toBe(true);
      expect(await world.canRefresh(elsewhere.refreshToken)).toBe(false);
      expect(await world.login(person.handle)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    });

    it('needs the present one, and a good one', async () => {
      const person = await world.register();
      expect(await change(person, 'not-this-one')).toMatchObject({ code: 'WRONG_PASSWORD' });
      expect(await change(person, password, 'short')).toMatchObject({ code: 'WEAK_PASSWORD' });
      expect(await change(person, password, `${person.handle}!!`)).toMatchObject({
        code: 'WEAK_PASSWORD',
      });
      expect(await world.login(person.handle)).toMatchObject({ __typename: 'AuthPayload' });
    });

    it('cannot be guessed with a stolen session', async () => {
      const person = await world.register();
      for (let tries = 0; tries < 10; tries += 1) await change(person, 'guess');
      expect(await change(person, password)).toEqual({ codes: ['RATE_LIMITED'] });
    });
  });

  describe('changing its address', () => {
    const begin = (who: { token: string }, newEmail: string, secret = password) =>
      world.mutate(
        'changeEmail',
        { input: ['ChangeEmailInput!', { newEmail, password: secret }] },
        who,
      );
    const confirm = (mailed: string) => world.mutate('confirmEmailChange', token(mailed));
    const verified = async () => {
      const person = await world.register();
      const mailed = await world.mailedToken(person.email, 'verify-email');
      await world.mutate('verifyEmail', token(mailed));
      return person;
    };

    it.each([
      ['leave-email', 'enter-email'],
      ['enter-email', 'leave-email'],
    ])('needs both addresses, in any order: %s first', async (first, second) => {
      const person = await verified();
      const target = `new-${person.email}`;
      const mailbox = (template: string) => (template === 'leave-email' ? person.email : target);
      expect(await begin(person, target)).toMatchObject({ isComplete: false });

      const one = await confirm(await world.mailedToken(mailbox(first), first));
      expect(one).toMatchObject({ isComplete: false });
      expect(await world.login(target)).toMatchObject({ code: 'INVALID_CREDENTIALS' });

      const two = await confirm(await world.mailedToken(mailbox(second), second));
      expect(two).toMatchObject({ isComplete: true });
      expect(await world.login(target)).toMatchObject({ __typename: 'AuthPayload' });
      expect(await world.login(person.email)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
      const told = await world.mailTo(person.email);
      expect(told.map(({ template }) => template)).toContain('email-changed');
    });

    it('asks an address that was never verified nothing: it may be mistyped', async () => {
      const person = await world.register();
      const target = `new-${person.email}`;
      expect(await begin(person, target)).toMatchObject({ isLeavingConfirmed: true });
      expect(await confirm(await world.mailedToken(target, 'enter-email'))).toMatchObject({
        isComplete: true,
      });
    });

    it('takes no link of an earlier change, nor one a day old', async () => {
      const person = await verified();
      await begin(person, `a-${person.email}`);
      const old = await world.mailedToken(`a-${person.email}`, 'enter-email');
      world.setNow('2026-01-01T00:01:00Z');
      await begin(person, `b-${person.email}`);
      expect(await confirm(old)).toMatchObject({ code: 'LINK_NOT_VALID' });
      const late = await world.mailedToken(`b-${person.email}`, 'enter-email');
      world.setNow('2026-01-02T00:01:01Z');
      expect(await confirm(late)).toMatchObject({ code: 'LINK_NOT_VALID' });
    });

    it('does not tell who asks that somebody has the address, only who reads its mail', async () => {
      const [person, other] = [await world.register(), await world.register()];
      expect(await begin(person, other.email)).toMatchObject({ isComplete: false });
      const mailed = await world.mailedToken(other.email, 'enter-email');
      expect(await confirm(mailed)).toMatchObject({ code: 'EMAIL_TAKEN' });
    });

    it('needs the password', async () => {
      const person = await world.register();
      expect(await begin(person, 'x@example.org', 'wrong')).toMatchObject({
        code: 'WRONG_PASSWORD',
      });
      expect(await world.mailTo('x@example.org')).toEqual([]);
    });
  });

  describe('that was imported', () => {
    const imported = async () => {
      const person = await world.person();
      await world.db.query(`UPDATE account SET imported_from = $2 WHERE id = $1`, [
        person.id,
        `stackexchange:${person.handle}`,
      ]);
      const owner = await world.person();
      const { id: communityId } = await world.community(owner);
      await world.member(person, communityId);
      return { person, owner, communityId, email: `${person.handle}@example.org` };
    };
    const invite = (who: { token: string }, accountId: string, email: string) =>
      world.mutate('inviteToClaim', { input: ['InviteToClaimInput!', { accountId, email }] }, who);
    const claim = (mailed: string, more: object = {}) =>
      world.mutate('claimAccount', {
        input: ['ClaimAccountInput!', { token: mailed, password, ...more }],
      });

    it('is claimed by who the owner of its community invites', async () => {
      const { person, owner, email } = await imported();
      expect(await invite(owner, person.id, email)).toMatchObject({
        __typename: 'ClaimInvitation',
      });
      const mailed = await world.mailedToken(email, 'claim-account');
      expect(await claim(mailed)).toMatchObject({ account: { id: person.id } });
      expect(await claim(mailed)).toMatchObject({ code: 'LINK_NOT_VALID' });
      expect(await world.login(email)).toMatchObject({ __typename: 'AuthPayload' });
      expect(await invite(owner, person.id, email)).toMatchObject({ code: 'NOTHING_TO_CLAIM' });
    });

    it('cannot be given away by members, moderators, or owners of only one of its communities', async () => {
      const { person, owner, communityId, email } = await imported();
      const moderator = await world.person();
      await world.member(moderator, communityId, { role: 'moderator' });
      const stranger = await world.person();
      for (const who of [moderator, stranger])
        expect(await invite(who, person.id, email)).toEqual({ codes: ['FORBIDDEN'] });

      const { id: second } = await world.community(stranger);
      await world.member(person, second);
      expect(await invite(owner, person.id, email)).toEqual({ codes: ['FORBIDDEN'] });
      expect(await world.mailTo(email)).toEqual([]);
    });

    it('is refused with an address or a handle of somebody else, and can be claimed after', async () => {
      const other = await world.register();
      const { person, owner, email } = await imported();
      await invite(owner, person.id, other.email);
      const taken = await world.mailedToken(other.email, 'claim-account');
      expect(await claim(taken)).toMatchObject({ code: 'EMAIL_TAKEN' });
      await invite(owner, person.id, email);
      const mailed = await world.mailedToken(email, 'claim-account');
      expect(await claim(mailed, { handle: other.handle })).toMatchObject({ code: 'HANDLE_TAKEN' });
      expect(await claim(mailed, { handle: 'mine-now' })).toMatchObject({
        account: { handle: 'mine-now' },
      });
    });
  });

  describe('deactivated', () => {
    const deactivate = (who: { token: string }, secret = password) =>
      world.mutate('deactivateAccount', { password: ['String!', secret] }, who);
    const reactivate = (name: string, secret = password) =>
      world.mutate('reactivateAccount', {
        input: ['LoginInput!', { handleOrEmail: name, password: secret }],
      });

    it('is logged out and cannot be logged in to, until its password brings it back', async () => {
      const person = await world.register();
      expect(await deactivate(person)).toMatchObject({ isDeactivated: true });
      expect(await world.canRefresh(person.refreshToken)).toBe(false);
      expect(await world.login(person.handle)).toMatchObject({ code: 'ACCOUNT_DEACTIVATED' });
      expect(await world.login(person.handle, 'wrong')).toMatchObject({
        code: 'INVALID_CREDENTIALS',
      });
      expect(await reactivate(person.handle, 'wrong')).toMatchObject({
        code: 'INVALID_CREDENTIALS',
      });
      expect(await reactivate(person.handle)).toMatchObject({ __typename: 'AuthPayload' });
      expect(await world.login(person.handle)).toMatchObject({ __typename: 'AuthPayload' });
    });

    it('needs the password, and bringing back needs it to be deactivated', async () => {
      const person = await world.register();
      expect(await deactivate(person, 'wrong')).toMatchObject({ code: 'WRONG_PASSWORD' });
      expect(await reactivate(person.handle)).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    });
  });

  it('is protected from strangers', async () => {
    const guarded: Record<string, Record<string, [string, unknown]>> = {
      sendVerificationEmail: {},
      changePassword: {
        input: ['ChangePasswordInput!', { currentPassword: 'a', newPassword: 'b' }],
      },
      changeEmail: { input: ['ChangeEmailInput!', { newEmail: 'a@b.cd', password: 'b' }] },
      deactivateAccount: { password: ['String!', 'x'] },
      inviteToClaim: { input: ['InviteToClaimInput!', { accountId: 'x', email: 'a@b.cd' }] },
    };
    for (const [name, args] of Object.entries(guarded))
      expect([name, await world.mutate(name, args)]).toEqual([
        name,
        { codes: ['UNAUTHENTICATED'] },
      ]);
  });
});
