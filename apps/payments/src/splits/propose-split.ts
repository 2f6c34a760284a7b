import { isId, newId, type CommunityId, type MemberId } from '@lyceum/contracts';
import { requireUser, useCase, UserError, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { NotCatalogueManager, ProductNotFound } from '../catalogue/catalogue.errors';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { lockProduct } from '../catalogue/product.queries';
import { Membership } from '../communities/membership.entity';
import { membershipOf } from '../communities/membership.queries';
import { SplitParty, wholeInBasisPoints, type SplitRule } from './split-of';
import { IncomeStream, SplitTable } from './split-table.entity';
import { lastVersion, type SplitScope } from './split.queries';

@InputType({ description: 'One line of a split table.' })
export class SplitShareInput {
  @Field(() => SplitParty) party!: SplitParty;
  @Field(() => ID, { nullable: true, description: 'With MEMBER, and only then.' })
  memberId?: string | null;
  @Field(() => Int, { description: 'Hundredths of a percent, 1 to 10000.' }) basisPoints!: number;
}

@InputType()
export class ProposeSplitInput {
  @Field(() => ID) communityId!: string;
  @Field(() => ID, { nullable: true, description: 'For one product; null for all of them.' })
  productId?: string | null;
  @Field(() => IncomeStream, { defaultValue: IncomeStream.SALES }) stream!: IncomeStream;
  @Field(() => Int, {
    description:
      'The last version of this very scope that the proposal was decided on; 0 for none.',
  })
  version!: number;
  @Field(() => [SplitShareInput], { description: 'They add up to 10000.' })
  shares!: SplitShareInput[];
  @Field(() => Date, {
    nullable: true,
    description: 'Now, or later; the past is not divided anew.',
  })
  effectiveAt?: Date | null;
}

@ObjectType({ implements: UserError })
export class InvalidSplit extends UserError {
  readonly code = 'INVALID_SPLIT' as const;
  readonly message: string;
  constructor(message: string) {
    super();
    this.message = message;
  }
}

@ObjectType({ implements: UserError })
export class SplitHasChanged extends UserError {
  readonly code = 'SPLIT_HAS_CHANGED' as const;
  readonly message = 'Somebody changed the split meanwhile; look at it and decide again.';
  @Field(() => Int, { description: 'The last version.' }) readonly version: number;
  constructor(version: number) {
    super();
    this.version = version;
  }
}

export const ProposeSplitResult = createUnionType({
  name: 'ProposeSplitResult',
  types: () =>
    [SplitTable, NotCatalogueManager, ProductNotFound, InvalidSplit, SplitHasChanged] as const,
});

/**
 * Divides income otherwise from now or later on, by the community's owner or an administrator. What was
 * paid before, and what comes of it later (refunds, disputes), stays divided as it was.
 */
export const proposeSplit = useCase(
  async (tx, input: ProposeSplitInput): Promise<typeof ProposeSplitResult> => {
    const { accountId } = requireUser(tx);
    if (!isId(input.communityId)) return new NotCatalogueManager();
    const communityId = input.communityId as CommunityId; // has the form of one
    const membership = await membershipOf(tx.db, { communityId, accountId });
    if (membership === null || !canManageCatalogue(membership)) return new NotCatalogueManager();
    const product = input.productId == null ? null : await lockProduct(tx.db, input.productId);
    if (input.productId != null && product?.communityId !== communityId)
      return new ProductNotFound();
    const effectiveAt = input.effectiveAt ?? tx.now;
    if (effectiveAt < tx.now) return new InvalidSplit('What was paid is not divided anew.');
    const shares = await parseShares(tx, communityId, input.shares);
    if (shares instanceof InvalidSplit) return shares;

    const scope: SplitScope = { communityId, productId: product?.id ?? null, stream: input.stream };
    await lockScope(tx, scope);
    const version = await lastVersion(tx.db, scope);
    if (version !== input.version) return new SplitHasChanged(version);
    const table = tx.db.create(SplitTable, {
      id: newId<'SplitTable'>(),
      ...scope,
      version: version + 1,
      shares,
      createdById: membership.memberId,
      createdAt: tx.now,
      effectiveAt,
    });
    await tx.db.insert(SplitTable, table);
    return table;
  },
);

/** Two proposals for one scope take turns, also for its first version, where there is no row to lock. */
const lockScope = (tx: Tx, { communityId, productId, stream }: SplitScope): Promise<unknown> =>
  tx.db.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `split_table ${communityId ?? ''} ${productId ?? ''} ${stream}`,
  ]);

const maxShares = 20;

const parseShares = async (
  tx: Tx,
  communityId: CommunityId,
  inputs: readonly SplitShareInput[],
): Promise<readonly SplitRule[] | InvalidSplit> => {
  if (inputs.length === 0 || inputs.length > maxShares)
    return new InvalidSplit(`A split has 1 to ${String(maxShares)} shares.`);
  const seen = new Set<string>();
  const rules: SplitRule[] = [];
  for (const { party, memberId = null, basisPoints } of inputs) {
    if (basisPoints < 1 || basisPoints > wholeInBasisPoints)
      return new InvalidSplit('A share is 1 to 10000 basis points.');
    if ((party === SplitParty.MEMBER) !== (memberId !== null))
      return new InvalidSplit('A member is named with MEMBER, and only then.');
    if (memberId !== null && !(await isActiveMember(tx, communityId, memberId)))
      return new InvalidSplit('A named member is an active one of the community.');
    const who = `${party} ${memberId ?? ''}`;
    if (seen.has(who)) return new InvalidSplit('Nobody has two shares.');
    seen.add(who);
    rules.push({ party, memberId: memberId as MemberId | null, basisPoints }); // known to be a member's
  }
  const total = rules.reduce((points, rule) => points + rule.basisPoints, 0);
  return total === wholeInBasisPoints ? rules : new InvalidSplit('The shares add up to 10000.');
};

const isActiveMember = (tx: Tx, communityId: CommunityId, memberId: string): Promise<boolean> =>
  isId(memberId)
    ? tx.db.existsBy(Membership, { memberId: memberId as MemberId, communityId, status: 'active' })
    : Promise.resolve(false);
