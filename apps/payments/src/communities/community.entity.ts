import type { CommunityId } from '@lyceum/contracts';
import type { Visibility } from '@lyceum/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A community as identity told of it. Not the graph's type of that name, which `community.type.ts` extends. */
@Entity('community')
export class KnownCommunity {
  @PrimaryColumn('uuid') id!: CommunityId;
  @Column('text') slug!: string;
  @Column('text', { default: 'public' }) visibility!: Visibility;
  /** Of what CommunityChanged told; 0 is as founded. */
  @Column('int', { default: 0 }) version!: number;
}
