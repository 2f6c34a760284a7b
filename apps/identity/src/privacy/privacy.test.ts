import { newId, PartErased, type MemberId } from '@lyceum/contracts';
import { inTransaction, serviceContext } from '@lyceum/platform';
import { emitted, findMarkers, markerOf, plantMarkers, undeclaredTables } from '@lyceum/testing';
import { gunzipSync } from 'node:zlib';
import { verifyAuditLog } from '../audit/verify-audit-log';
import { identityWorld, type IdentityWorld, type Person } from '../identity-world.factory';
import { assembleExports, parts } from './assemble-exports.job';
import { keptTables, personalTables } from './personal-data';
import { recordReceipts } from './record-receipts.consumer';

/** Opens a tar as `tar` does: names and contents. */
const untar = (archive: Buffer): Map<string, string> => {
  const bytes = gunzipSync(archive);
  const files = new Map<string, string>();
  for (let at = 0; bytes[at] !== 0 && at < bytes.length;) {
    const text = (from: number, length: number): string =>
      bytes.toString('latin1', at + from, at + from + length).split('\0')[0] ?? '';
    const size = parseInt(text(124, 12), 8);
    files.set(text(0, 100), bytes.toString('utf8', at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
};

describe('privacy', () => {
  let world: IdentityWorld;
  let person: Person;
  /** What other parts hold, table by table; null for one that is away. */
  let held: Record<string, { table: string; rows: object[] }[] | null>;
  beforeEach(async () => {
    world = await identityWorld({
      passwords: { hash: () => Promise.resolve('hash'), isCorrect: () => Promise.resolve(false) },
    });
    person = await world.person();
    held = {
      content: [{ table: 'comment', rows: [{ body: 'marker-remote' }] }],
      payments: [],
      reputation: [],
    };
    const query = (part: string, { variables }: { variables: Record<string, unknown> }) => {
      const tables = held[part];
      if (tables == null) return Promise.reject(new Error(`${part} is away`));
      const page = tables[variables['table'] as number];
      const json = page === undefined ? null : JSON.stringify({ ...page, next: null });
      return Promise.resolve({ [`${part}PersonalData`]: json } as never);
    };
    Object.assign(world.deps, { graph: { query } }); // the same deps: contexts have them too
  });
  afterEach(() => world.close());

  describe('consent', () => {
    const set = (purpose: string, isGiven: boolean) =>
      world.ask(
        'mutation ($input: SetConsentInput!) { setConsent(input: $input) { version isGiven } }',
        { input: { purpose, isGiven } },
        person,
      );
    it('is by purpose, with its history, and asked for twice it is one decision', async () => {
      const query = '{ myConsents { purpose isGiven version decidedAt } }';
      expect((await world.ask(query, {}, person)).data).toEqual({ myConsents: [] });
      await set('MARKETING', true);
      await set('MARKETING', true);
      await set('ANALYTICS', false);
      world.setNow('2026-01-01T00:01:00Z');
      await set('MARKETING', false);
      const { data } = await world.ask<{ myConsents: unknown[] }>(query, {}, person);
      expect(data.myConsents).toHaveLength(3);
      expect(data.myConsents[0]).toEqual({
        purpose: 'MARKETING',
        isGiven: false,
        version: 2,
        decidedAt: '2026-01-01T00:01:00.000Z',
      });
      expect((await world.ask(query, {}, await world.person())).data).toEqual({ myConsents: [] });
      expect((await world.ask(query)).codes).toEqual(['UNAUTHENTICATED']);
    });

    it('at once is one decision after the other', async () => {
      await Promise.all(Array.from({ length: 8 }, (_, n) => set('PROFILING', n % 2 === 0)));
      const rows = await world.db.query<{ version: number; is_given: boolean }[]>(
        'SELECT version, is_given FROM consent ORDER BY version',
      );
      expect(rows.map(({ version }) => version)).toEqual(rows.map((_, n) => n + 1));
      for (const [n, row] of rows.entries()) expect(row.is_given).not.toBe(rows[n - 1]?.is_given);
    });
  });

  /** A marker in every field of the person; the account is the one that is logged in. */
  const plant = async (): Promise<{ markers: readonly string[]; handle: string }> => {
    const handle = markerOf('account', 'handle');
    const memberId = newId<'Member'>();
    const entryId = newId<'AuditEntry'>();
    await world.db.query('DELETE FROM account WHERE id = $1', [person.id]);
    const markers = await plantMarkers(world.deps.dataSource, await personalTables(world.db), {
      person: { accountId: person.id, memberIds: [memberId] },
      fixed: {
        account: { password_hash: null, deactivated_at: null, handle },
        member: { id: memberId, community_id: newId(), status: 'active', role: 'member' },
        audit_note: { entry_id: entryId },
        audit_entry: { id: entryId },
        data_export: { state: 'expired' },
        erasure: { account_id: newId() },
        service_account: { account_id: newId() },
      },
    });
    return { markers: [...markers, handle], handle };
  };

  const assemble = () =>
    assembleExports.run(
      {
        deps: world.deps,
        ctx: serviceContext(world.deps, 'job'),
        signal: new AbortController().signal,
      },
      {},
    );
  const request = () =>
    world.ask<{ requestDataExport: { id: string; state: string } }>(
      'mutation { requestDataExport { id state } }',
      {},
      person,
    );
  const myExports = async (who = person) => {
    const { data } = await world.ask<{
      myDataExports: { id: string; state: string; archive: string | null }[];
    }>('{ myDataExports { id state archive digest } }', {}, who);
    return data.myDataExports;
  };

  describe('the tables of a person', () => {
    it('are declared', async () => {
      expect(await undeclaredTables(world.db, await personalTables(world.db))).toEqual(
        expect.not.arrayContaining([expect.stringMatching(/./)]),
      );
    });
  });

  describe('an export', () => {
    it('has all of it, from every part, with a manifest; secrets alone are left out', async () => {
      const { markers } = await plant();
      await request();
      await assemble();
      const [ready] = await myExports();
      expect(ready?.state).toBe('READY');
      const files = untar(Buffer.from(ready?.archive ?? '', 'base64'));
      // Binary columns are in the archive as PostgreSQL writes them: in hexadecimal digits.
      const all = [...files.values()]
        .join('')
        .replace(/\\+x([0-9a-f]+)/g, (_, hex: string) => Buffer.from(hex, 'hex').toString());
      expect(all).toContain('marker-remote');
      const missing = [...new Set(markers)].filter((marker) => !all.includes(marker));
      expect(
        missing.filter(
          (m) => !/hash|secret|salt|archive|digest|key|token|code|counter|challenge/.test(m),
        ),
      ).toEqual([]);
      const manifest = JSON.parse(files.get('manifest.json') ?? '') as {
        parts: string[];
        files: { name: string; rows: number }[];
      };
      expect(manifest.parts).toEqual(['identity', ...parts]);
      expect(manifest.files.map(({ name }) => name).sort()).toEqual(
        [...files.keys()].filter((name) => name !== 'manifest.json').sort(),
      );
      expect(manifest.files).toContainEqual(
        expect.objectContaining({ name: 'content/comment.jsonl', rows: 1 }),
      );
    });

    it('waits while a part is away: it is complete, or not there', async () => {
      held['payments'] = null;
      await request();
      await expect(assemble()).rejects.toThrow();
      expect(await myExports()).toMatchObject([{ state: 'WAITING', archive: null }]);
      held['payments'] = [];
      await assemble();
      expect(await myExports()).toMatchObject([{ state: 'READY' }]);
    });

    it('asked many times at once is one; it is seen by its person alone, and for a week', async () => {
      await Promise.all(Array.from({ length: 8 }, request));
      await Promise.all([assemble(), assemble()]);
      expect(await myExports()).toHaveLength(1);
      expect(await myExports(await world.person())).toEqual([]);
      await world.db.query(`UPDATE data_export SET expires_at = '2026-01-01T00:00:00Z'`);
      await assemble();
      expect(await myExports()).toMatchObject([{ state: 'EXPIRED', archive: null }]);
    });
  });

  describe('erasure', () => {
    const erase = async (handle = person.handle, password?: string) => {
      const { data, codes } = await world.ask<{
        eraseMyAccount?: { code_?: string; receipt?: string; slugs?: string[] };
      }>(
        `mutation ($input: EraseMyAccountInput!) { eraseMyAccount(input: $input) {
          ... on ErasureBegun { receipt erasure { completedAt } } ... on UserError { code_: code }
          ... on StillOwnsCommunities { slugs } } }`,
        { input: { handle, password } },
        person,
      );
      return data.eraseMyAccount ?? { code_: String(codes[0]) };
    };
    const answer = (part: string, erasureId: unknown) =>
      inTransaction(serviceContext(world.deps, 'test'), (tx) =>
        recordReceipts.handle(tx, [
          {
            id: newId<'Event'>(),
            type: PartErased.name,
            occurredAt: '2026-01-01T00:00:00.000Z',
            requestId: 'test',
            payload: { erasureId, part, tables: [{ table: 'x', rows: 2 }] },
          },
        ]),
      );

    it('leaves no marker anywhere but in the tables that are declared to stay', async () => {
      const { handle } = await plant();
      expect(await erase(handle)).toHaveProperty('receipt');
      const kept = keptTables.map(({ table }) => table);
      const left = await findMarkers(world.db);
      expect(left.filter((found) => !kept.includes(found.split(':')[0] ?? ''))).toEqual([]);
    });

    it('is complete with the receipts of every part, in any order, each told once', async () => {
      const { receipt } = await erase();
      const events = await emitted(world.db);
      const asked = events.find(({ type }) => type === 'identity.erasure.requested.v1');
      expect(asked?.payload).toMatchObject({ accountId: person.id });
      const look = async () =>
        (
          await world.ask<{ erasure: { completedAt: string | null; parts: { part: string }[] } }>(
            'query ($receipt: String!) { erasure(receipt: $receipt) { completedAt parts { part tables { table rows } } } }',
            { receipt },
          )
        ).data.erasure;
      for (const part of ['reputation', 'content', 'content']) {
        await answer(part, asked?.payload['erasureId']);
        expect((await look()).completedAt).toBeNull();
      }
      await answer('payments', asked?.payload['erasureId']);
      const done = await look();
      expect(done.completedAt).toBe('2026-01-01T00:00:00.000Z');
      expect(done.parts.map(({ part }) => part)).toEqual([
        'content',
        'identity',
        'payments',
        'reputation',
      ]);
      expect((await verifyAuditLog(world.db)).faults).toEqual([]);
      const acts = await world.db.query<{ action: string }[]>(
        'SELECT action FROM audit_entry WHERE chain = $1 ORDER BY position',
        [person.id],
      );
      expect(acts.map(({ action }) => action)).toEqual([
        'privacy.erasure-requested',
        'privacy.erasure-completed',
      ]);
    });

    it('ends memberships and sessions; the name is free, the members stay as nobody', async () => {
      const owner = await world.person();
      const { id } = await world.community(owner);
      const memberId: MemberId = await world.member(person, id, { role: 'expert' });
      await erase();
      const { data } = await world.ask(
        'query ($id: ID!) { member(id: $id) { handle displayName status role } }',
        { id: memberId },
      );
      expect(data).toMatchObject({
        member: { displayName: 'Deleted account', status: 'LEFT', role: 'MEMBER' },
      });
      expect(JSON.stringify(data)).not.toContain(person.handle);
      expect((await world.person(person.handle)).handle).toBe(person.handle);
    });

    it('is refused while communities would be left without an owner', async () => {
      const { id, slug } = await world.community(person);
      expect(await erase()).toEqual({ code_: 'STILL_OWNS_COMMUNITIES', slugs: [slug] });
      await world.db.query('UPDATE community SET archived_at = now() WHERE id = $1', [id]);
      expect(await erase()).toHaveProperty('receipt');
    });

    it('needs the own handle, and the password of who has one', async () => {
      expect(await erase('somebody-else')).toEqual({ code_: 'BAD_INPUT' });
      await world.db.query(`UPDATE account SET password_hash = 'x' WHERE id = $1`, [person.id]);
      expect(await erase(person.handle, 'wrong')).toMatchObject({ code_: 'WRONG_PASSWORD' });
      expect(await world.db.query('SELECT FROM erasure')).toEqual([]);
    });

    it('asked many times at once is one', async () => {
      const outcomes = await Promise.all(Array.from({ length: 6 }, () => erase()));
      expect(outcomes.filter((outcome) => 'receipt' in outcome)).toHaveLength(1);
      expect(await world.db.query('SELECT FROM erasure')).toHaveLength(1);
    });

    it('is not shown to who has no receipt of it', async () => {
      await erase();
      const { data } = await world.ask('{ erasure(receipt: "guess") { completedAt } }');
      expect(data).toEqual({ erasure: null });
    });
  });
});
