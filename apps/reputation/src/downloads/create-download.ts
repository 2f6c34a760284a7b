import { createHash, randomBytes } from 'node:crypto';
import { isId, type CommunityId } from '@lyceum/contracts';
import { requireUser, useCase, type Ctx } from '@lyceum/platform';
import { assertDay } from '../days';
import { isAnalyst } from '../metrics/analysts';
import { metricNamed } from '../metrics/catalogue';
import {
  MetricDownload,
  MetricInputInvalid,
  NotAnalyst,
  type MetricDownloadInput,
  type MetricDownloadResult,
} from './download.types';

type Result = Promise<typeof MetricDownloadResult>;

const validMs = 10 * 60_000;
/** A century by day; it is streamed, so this is about time, not memory. */
const maxDays = 36_525;

export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/**
 * Allows an analyst to fetch metrics by a path with a secret in it, for ten minutes: browsers send no token when they
 * save a file. Only a hash of the secret is stored.
 */
export const createMetricDownload = async (ctx: Ctx, input: MetricDownloadInput): Result => {
  if (!isId(input.communityId)) return new NotAnalyst();
  if (!(await isAnalyst(ctx, input.communityId as CommunityId))) return new NotAnalyst(); // has the form of one
  return problemOf(input) ?? create(ctx, input);
};

const problemOf = ({
  names,
  from,
  to,
  tag,
  segment,
}: MetricDownloadInput): MetricInputInvalid | null => {
  if (names.length === 0 || new Set(names).size < names.length)
    return new MetricInputInvalid('names', 'Name each metric once, and one at least.');
  assertDay('from', from);
  if (from > to) return new MetricInputInvalid('from', '"from" must not be after "to".');
  if ((Date.parse(to) - Date.parse(from)) / 86_400_000 > maxDays)
    return new MetricInputInvalid('to', 'A range has at most a hundred years.');
  for (const dimension of ['tag', 'segment'] as const) {
    const value = { tag, segment }[dimension];
    const stranger = names.find((name) => !metricNamed(name).dimensions.includes(dimension));
    if (value != null && stranger !== undefined)
      return new MetricInputInvalid(
        dimension,
        `${stranger.toUpperCase()} cannot be broken down by ${dimension}.`,
      );
  }
  return tag?.includes('\u0000') === true ? new MetricInputInvalid('tag', 'This is no tag.') : null;
};

const create = useCase(async (tx, input: MetricDownloadInput): Promise<MetricDownload> => {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(tx.now.getTime() + validMs);
  const { communityId, ...asked } = input;
  await tx.db.query('DELETE FROM download_ticket WHERE expires_at < $1', [tx.now]);
  await tx.db.query(
    `INSERT INTO download_ticket (token_hash, community_id, asked, account_id, expires_at) VALUES ($1, $2, $3, $4, $5)`,
    [hashOf(token), communityId, JSON.stringify(asked), requireUser(tx).accountId, expiresAt],
  );
  return Object.assign(new MetricDownload(), { path: `/files/metrics/${token}`, expiresAt });
});
