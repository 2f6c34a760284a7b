import { connectionType, type Connection, type Position } from '@lyceum/platform';
import type { ClassType } from 'type-graphql';
import { Member } from './member.entity';

export const MemberConnection: ClassType<Connection<Member>> = connectionType(
  'Member',
  () => Member,
);

/** Lists of members are in the order in which they joined. */
export const memberPosition = ({ joinedAt, id }: Member): Position => [joinedAt.toISOString(), id];
