import type { AccountId } from '@lyceum/contracts';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';

export enum DataExportState {
  WAITING = 'waiting',
  READY = 'ready',
  EXPIRED = 'expired',
}
registerEnumType(DataExportState, {
  name: 'DataExportState',
  description: 'Whether the archive is there.',
});

@ObjectType({ description: 'Everything that is held about a person, in one archive.' })
export class DataExport {
  @Field(() => ID) id!: string;
  accountId!: AccountId;
  @Field(() => DataExportState) state!: DataExportState;
  @Field(() => Date) requestedAt!: Date;
  @Field(() => Date, { nullable: true }) readyAt!: Date | null;
  @Field(() => Date, { nullable: true, description: 'When the archive is deleted.' })
  expiresAt!: Date | null;
  @Field(() => String, { nullable: true, description: 'SHA-256 of the archive, in hex.' })
  digest!: string | null;
}
