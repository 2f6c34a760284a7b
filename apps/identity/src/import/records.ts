import type { AccountId, CommunityId, EventId, MemberId } from '@lyceum/contracts';

/** A community of another system, founded when its first activity was. */
export interface ImportedCommunity {
  readonly id: CommunityId;
  readonly slug: string;
  readonly name: string;
  readonly foundedAt: string;
  readonly rules: {
    readonly preset: string;
    readonly parameters: Readonly<Record<string, number>>;
  };
  readonly eventId: EventId;
}

/** A person of another system: an account that nobody can log into until it is claimed, and its membership. */
export interface ImportedPerson {
  readonly accountId: AccountId;
  readonly memberId: MemberId;
  /** Where the person comes from, and by what name there: `stackexchange:ai:42`. */
  readonly importedFrom: string;
  readonly displayName: string;
  readonly joinedAt: string;
  readonly joinedEventId: EventId;
  readonly membershipEventId: EventId;
}
