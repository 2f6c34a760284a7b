import { UserError } from '@lyceum/platform';
import { ObjectType } from 'type-graphql';

@ObjectType({
  implements: UserError,
  description: 'There is none, or it is private and the caller is no member.',
})
export class CommunityNotFound extends UserError {
  readonly code = 'COMMUNITY_NOT_FOUND' as const;
  readonly message = 'There is no such community, or it is private.';
}

@ObjectType({
  implements: UserError,
  description: 'Slugs are unique among all communities, private ones too.',
})
export class SlugTaken extends UserError {
  readonly code = 'SLUG_TAKEN' as const;
  readonly message = 'Another community has this slug.';
}

@ObjectType({
  implements: UserError,
  description: 'Its owner has put it into the archive, where it can only be read.',
})
export class CommunityInArchive extends UserError {
  readonly code = 'COMMUNITY_IN_ARCHIVE' as const;
  readonly message = 'This community is in the archive: it can only be read.';
}
