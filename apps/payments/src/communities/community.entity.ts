import type { CommunityId } from '@lyceum/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A private community's catalogue is there for its active members only. Never changes. */
export type Visibility = 'public' | 'private';

/** A community as identity told of it. Not the graph's type of that name, which `community.type.ts` extends. */
@Entity('community')
export class KnownCommunity {
  @PrimaryColumn('uuid') id!: CommunityId;
  @Column('text') slug!: string;
  @Column('text', { default: 'public' }) visibility!: Visibility;
}
