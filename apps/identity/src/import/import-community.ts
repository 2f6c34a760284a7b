import { CommunityCreated } from '@lyceum/contracts';
import { importStep, type ImportStep } from '@lyceum/platform';
import type { DataSource, EntityManager } from 'typeorm';
import type { ImportedCommunity } from './records';

/** The slug belongs to a community that did not come from this import. */
export class SlugTaken extends Error {
  constructor(slug: string) {
    super(
      `There is a community "${slug}" already, and it was not made by an import. Choose another --community.`,
    );
    this.name = 'SlugTaken';
  }
}

/** Founds the community unless it is there. Its rules are in force before its first activity is told. */
export const importCommunity = (
  dataSource: DataSource,
  step: ImportStep,
  community: ImportedCommunity,
): Promise<number> =>
  importStep(dataSource, step, async (db) => {
    const { id, slug, name, foundedAt, rules, eventId } = community;
    if (await isOther(db, community)) throw new SlugTaken(slug);
    const inserted = await db.query<unknown[]>(
      `INSERT INTO community (id, slug, name, created_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (id) DO NOTHING RETURNING id`,
      [id, slug, name, foundedAt],
    );
    const payload = CommunityCreated.payload.parse({
      communityId: id,
      slug,
      name,
      timeZone: 'UTC',
      rules,
    });
    const founded = {
      id: eventId,
      type: CommunityCreated,
      payload,
      occurredAt: new Date(foundedAt),
      requestId: step.source,
    };
    return { written: inserted.length, events: inserted.length === 0 ? [] : [founded] };
  });

const isOther = async (db: EntityManager, { id, slug }: ImportedCommunity): Promise<boolean> => {
  const others = await db.query<unknown[]>('SELECT FROM community WHERE slug = $1 AND id <> $2', [
    slug,
    id,
  ]);
  return others.length > 0;
};
