import { CommunityChanged } from '@lyceum/contracts';
import type { Tx } from '@lyceum/platform';
import { toldVisibility, type Community } from './community.entity';

/** Writes time zone and visibility, and tells the other domains. The caller has the community locked. */
export const tellSettings = async (tx: Tx, community: Community): Promise<void> => {
  community.settingsVersion += 1;
  const { id, slug, timeZone, visibility, settingsVersion } = community;
  await tx.db.query(
    'UPDATE community SET time_zone = $2, visibility = $3, settings_version = $4 WHERE id = $1',
    [id, timeZone, visibility, settingsVersion],
  );
  await tx.emit(CommunityChanged, {
    communityId: id,
    version: settingsVersion,
    slug,
    visibility: toldVisibility(visibility),
    timeZone,
  });
};
