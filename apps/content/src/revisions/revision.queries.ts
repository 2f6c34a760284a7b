import { listByOwner } from '../lists/list-by-owner';
import { Revision } from './revision.entity';

/** The newest first. */
export const revisionsOfPost = listByOwner<Revision, 'NEW'>({
  name: 'revisions',
  entity: Revision,
  from: 'revision AS t',
  owner: 't.target_id',
  orders: { NEW: { column: 'number', property: 'number', type: 'int', direction: 'DESC' } },
});
