import { listByOwner } from '../lists/list-by-owner';
import { visibleById } from '../posts/rows-by-id';
import { Comment } from './comment.entity';

export const commentsById = visibleById(Comment);

/** In the order in which they were made. */
export const commentsOfPost = listByOwner<Comment, 'OLDEST'>({
  name: 'comments',
  entity: Comment,
  from: 'comment AS t',
  owner: 't.target_id',
  orders: {
    OLDEST: { column: 'created_at', property: 'createdAt', type: 'timestamptz', direction: 'ASC' },
  },
});
