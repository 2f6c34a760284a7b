import { UserError } from '@lyceum/platform';
import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ implements: UserError })
export class NotCatalogueManager extends UserError {
  readonly code = 'NOT_CATALOGUE_MANAGER' as const;
  readonly message = "Only the community's owner and administrators manage what it sells.";
}

@ObjectType({ implements: UserError })
export class ProductNotFound extends UserError {
  readonly code = 'PRODUCT_NOT_FOUND' as const;
  readonly message = 'There is no such product.';
}

@ObjectType({ implements: UserError })
export class ProductIsArchived extends UserError {
  readonly code = 'PRODUCT_IS_ARCHIVED' as const;
  readonly message = 'An archived product keeps its last prices.';
}

@ObjectType({ implements: UserError })
export class ProductHasChanged extends UserError {
  readonly code = 'PRODUCT_HAS_CHANGED' as const;
  readonly message = 'Somebody changed the prices meanwhile; look at them and decide again.';
  @Field(() => Int, { description: 'The version on sale now.' }) readonly version: number;
  constructor(version: number) {
    super();
    this.version = version;
  }
}

@ObjectType({ implements: UserError })
export class InvalidTitle extends UserError {
  readonly code = 'INVALID_TITLE' as const;
  readonly message = 'A title has 1 to 200 characters.';
}

@ObjectType({ implements: UserError })
export class InvalidPrices extends UserError {
  readonly code = 'INVALID_PRICES' as const;
  readonly message: string;
  @Field(() => Int, { nullable: true, description: 'Which of the prices, from 0; null when all.' })
  readonly index: number | null;
  constructor(message: string, index: number | null = null) {
    super();
    this.message = message;
    this.index = index;
  }
}
