import { createHmac, timingSafeEqual } from 'node:crypto';
import { isId, type Id } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

export type PlacementId = Id<'AdPlacement'>;

/** One showing of a placement to somebody: what may be counted, once, and for whom. */
export interface AdView {
  readonly viewId: string;
  readonly placementId: PlacementId;
  /** On whose post it was shown; null on a page of nobody's. */
  readonly authorId: string | null;
  /** Changes each day, and says nothing of who it is. */
  readonly viewer: string;
  readonly day: string;
  readonly audience: 'reader' | 'self' | 'crawler';
  readonly issuedAtMs: number;
}

const view = z.object({
  viewId: z.string().refine(isId),
  placementId: z.string().refine(isId),
  authorId: z.string().refine(isId).nullable(),
  viewer: z.string(),
  day: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  audience: z.enum(['reader', 'self', 'crawler']),
  issuedAtMs: z.int(),
});

const lifetimeMs = 24 * 3_600_000;

/** What tokens are signed with: one an installation, made with its tables. */
export const adSecret = async (db: EntityManager): Promise<string> => {
  const [row] = await db.query<{ secret: string }[]>('SELECT secret FROM ad_secret');
  if (row === undefined) throw new Error('ads have lost their secret');
  return row.secret;
};

const macOf = (secret: string, text: string): Buffer =>
  createHmac('sha256', secret).update(text).digest();

/** Nobody but us makes one, or changes it. */
export const signView = (secret: string, of: AdView): string => {
  const text = Buffer.from(JSON.stringify(of)).toString('base64url');
  return `${text}.${macOf(secret, text).toString('base64url')}`;
};

/** The view that was signed; null for what was not, or more than a day ago. */
export const viewIn = (secret: string, token: string, now: Date): AdView | null => {
  const [text = '', signature = ''] = token.split('.');
  const good = macOf(secret, text);
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== good.length || !timingSafeEqual(given, good)) return null;
  const parsed = view.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  if (!parsed.success) return null;
  const age = now.getTime() - parsed.data.issuedAtMs;
  return age >= 0 && age <= lifetimeMs ? (parsed.data as AdView) : null; // ids are branded strings
};

/** Somebody, on that day: a digest that cannot be followed to the next. */
export const viewerKey = (secret: string, day: string, who: string): string =>
  macOf(secret, `${day} ${who}`).toString('base64url').slice(0, 22);

const crawlers =
  /bot\b|bot[/;]|crawl|spider|slurp|archiver|headless|lighthouse|preview|curl\/|wget\/|python-requests|go-http/i;

/** Programs that say what they are. */
export const isCrawler = (userAgent: string | undefined): boolean => crawlers.test(userAgent ?? '');
