import { isId, type MemberId } from '@lyceum/contracts';
import { UserError } from '@lyceum/platform';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { EntityManager } from 'typeorm';
import { ProductKind } from './product-kind';
import { ProductVersion } from './product-version.entity';
import type { Product } from './product.entity';

export enum SubjectType {
  ARTICLE = 'article',
  COURSE = 'course',
  PRODUCT = 'product',
}
registerEnumType(SubjectType, {
  name: 'ProductSubjectType',
  valuesConfig: {
    ARTICLE: { description: 'An article of the community.' },
    COURSE: { description: 'A course of the community.' },
    PRODUCT: {
      description: 'Another product of the community: a bundle has all that its products have.',
    },
  },
});

@InputType({ description: 'One thing that a product is about.' })
export class ProductItemInput {
  @Field(() => SubjectType) type!: SubjectType;
  @Field(() => ID) id!: string;
}

@InputType({ description: 'The terms of giving it back.' })
export class RefundPolicyInput {
  @Field(() => Int, { description: 'Days in which a buyer may have the money back: 0 to 365.' })
  windowDays!: number;
  @Field(() => Boolean, { description: 'Whether a full refund ends the access.' })
  endsAccess!: boolean;
}

@ObjectType({ implements: UserError })
export class InvalidTerms extends UserError {
  readonly code = 'INVALID_TERMS' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}

export const defaultRefundPolicy: RefundPolicyInput = { windowDays: 14, endsAccess: true };

export interface Terms {
  readonly unlocks: readonly ProductItemInput[];
  readonly capacity: number | null;
  readonly refundPolicy: RefundPolicyInput;
  readonly earnerId: MemberId | null;
}

const maxItems = 100;
const maxCapacity = 1_000_000;
const maxWindowDays = 365;

/** What a product is about and on which terms it is sold, or why that cannot be. */
export const parseTerms = async (
  db: EntityManager,
  input: {
    readonly communityId: string;
    readonly kind: ProductKind;
    readonly unlocks?: readonly ProductItemInput[];
    readonly capacity?: number | null;
    readonly refundPolicy?: RefundPolicyInput | null;
    readonly earnerId?: string | null;
  },
): Promise<Terms | InvalidTerms> => {
  const { unlocks = [], capacity = null, earnerId = null, communityId } = input;
  const refundPolicy = input.refundPolicy ?? defaultRefundPolicy;
  if (!isRefundPolicy(refundPolicy)) return new InvalidTerms('A refund window is 0 to 365 days.');
  if (capacity !== null && (capacity < 0 || capacity > maxCapacity))
    return new InvalidTerms('A capacity is 0 to 1,000,000.');
  const problem = problemOfItems(input.kind, unlocks) ?? (await problemOfBundle(db, input));
  if (problem !== null) return new InvalidTerms(problem);
  if (earnerId !== null && !(await isMemberOf(db, communityId, earnerId)))
    return new InvalidTerms('Who earns is an active member of the community.');
  return { unlocks, capacity, refundPolicy, earnerId: earnerId as MemberId | null }; // known to be a member's
};

export const isRefundPolicy = ({ windowDays }: RefundPolicyInput): boolean =>
  windowDays >= 0 && windowDays <= maxWindowDays;

export const isSamePolicy = (a: RefundPolicyInput, b: RefundPolicyInput): boolean =>
  a.windowDays === b.windowDays && a.endsAccess === b.endsAccess;

/** The terms of the product's present version. */
export const policyOf = async (db: EntityManager, product: Product): Promise<RefundPolicyInput> => {
  const of = { productId: product.id, number: product.version };
  const { refundWindowDays, refundEndsAccess } = await db.findOneByOrFail(ProductVersion, of);
  return { windowDays: refundWindowDays, endsAccess: refundEndsAccess };
};

const problemOfItems = (kind: ProductKind, items: readonly ProductItemInput[]): string | null => {
  if (items.length > maxItems) return 'A product is about at most 100 things.';
  if (items.some(({ id }) => !isId(id))) return 'A product is about things that have an id.';
  if (new Set(items.map(({ type, id }) => `${type} ${id}`)).size < items.length)
    return 'A product has each thing once.';
  const bundles = items.some(({ type }) => type === SubjectType.PRODUCT);
  if (bundles && kind !== ProductKind.BUNDLE) return 'Only a bundle is made of products.';
  return null;
};

/** Bundles are of one level, and of the community's own products. */
const problemOfBundle = async (
  db: EntityManager,
  { communityId, unlocks = [] }: { communityId: string; unlocks?: readonly ProductItemInput[] },
): Promise<string | null> => {
  const ids = unlocks.filter(({ type }) => type === SubjectType.PRODUCT).map(({ id }) => id);
  if (ids.length === 0) return null;
  const [row] = await db.query<{ n: number }[]>(
    `SELECT count(*)::int AS n FROM product WHERE id = ANY($1::uuid[]) AND community_id = $2 AND kind <> 'bundle'`,
    [ids, communityId],
  );
  return row?.n === ids.length ? null : "A bundle is made of the community's own products.";
};

const isMemberOf = async (
  db: EntityManager,
  communityId: string,
  memberId: string,
): Promise<boolean> => {
  if (!isId(memberId)) return false;
  const rows = await db.query<unknown[]>(
    `SELECT FROM membership WHERE member_id = $1 AND community_id = $2 AND status = 'active'`,
    [memberId, communityId],
  );
  return rows.length > 0;
};

/** Writes what a new product is about, and how many there are of it. */
export const writeTerms = async (
  db: EntityManager,
  { id }: Product,
  { unlocks, capacity }: Terms,
): Promise<void> => {
  for (const item of unlocks)
    await db.query(
      'INSERT INTO product_item (product_id, subject_type, subject_id) VALUES ($1, $2, $3)',
      [id, item.type, item.id],
    );
  if (capacity !== null)
    await db.query('INSERT INTO product_stock (product_id, capacity) VALUES ($1, $2)', [
      id,
      capacity,
    ]);
};
