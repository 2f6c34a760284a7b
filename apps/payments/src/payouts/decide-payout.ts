import { isId } from '@lyceum/contracts';
import { negate } from '@lyceum/money';
import { requireUser, useCase, UserError, type Tx } from '@lyceum/platform';
import { createUnionType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { NotCatalogueManager } from '../catalogue/catalogue.errors';
import { canManageCatalogue } from '../catalogue/catalogue.policy';
import { membershipOf } from '../communities/membership.queries';
import { moveMoney, providerOwner, type Movement } from '../ledger/move-money';
import { Payout, selectPayouts } from './payout.type';

export enum PayoutDecision {
  PAID = 'paid',
  FAILED = 'failed',
  REVERSED = 'reversed',
}
registerEnumType(PayoutDecision, {
  name: 'PayoutDecision',
  valuesConfig: {
    PAID: { description: 'It was sent.' },
    FAILED: { description: 'It could not be sent.' },
    REVERSED: { description: 'It was sent and came back.' },
  },
});

@InputType()
export class DecidePayoutInput {
  @Field(() => ID) payoutId!: string;
  @Field(() => PayoutDecision) decision!: PayoutDecision;
  @Field(() => String, { description: "The bank's reference, or the reason: 1 to 200 characters." })
  reference!: string;
}

@ObjectType({ implements: UserError })
export class PayoutNotFound extends UserError {
  readonly code = 'PAYOUT_NOT_FOUND' as const;
  readonly message = 'There is no such payout.';
}

@ObjectType({ implements: UserError })
export class PayoutIsDecided extends UserError {
  readonly code = 'PAYOUT_IS_DECIDED' as const;
  readonly message = 'It was decided otherwise before.';
}

@ObjectType({ implements: UserError })
export class InvalidReference extends UserError {
  readonly code = 'INVALID_REFERENCE' as const;
  readonly message = 'A reference has 1 to 200 characters.';
}

export const DecidePayoutResult = createUnionType({
  name: 'DecidePayoutResult',
  types: () =>
    [Payout, PayoutNotFound, NotCatalogueManager, PayoutIsDecided, InvalidReference] as const,
});

/** From which state each decision leads. */
const from = { paid: 'requested', failed: 'requested', reversed: 'paid' } as const;

/**
 * Notes what became of a payout, by the community's owner or an administrator, who sends the money. What failed or
 * came back is the creator's again. The same decision again changes nothing.
 */
export const decidePayout = useCase(
  async (tx, input: DecidePayoutInput): Promise<typeof DecidePayoutResult> => {
    const { accountId } = requireUser(tx);
    const payout = isId(input.payoutId) ? await lockPayout(tx, input.payoutId) : null;
    if (payout === null) return new PayoutNotFound();
    const membership = await membershipOf(tx.db, { communityId: payout.communityId, accountId });
    if (membership === null || !canManageCatalogue(membership))
      return membership?.memberId === payout.memberId
        ? new NotCatalogueManager()
        : new PayoutNotFound();
    if (!/^.{1,200}$/s.test(input.reference)) return new InvalidReference();
    const decided: string = input.decision;
    if (payout.status === decided) return payout;
    if (payout.status !== from[input.decision]) return new PayoutIsDecided();

    await tx.db.query(
      `UPDATE payout SET status = $2, reference = $3, decided_at = $4, decided_by_id = $5 WHERE id = $1`,
      [payout.id, input.decision, input.reference, tx.now, membership.memberId],
    );
    await moveMoney(tx, {
      key: `payout-${input.decision}:${payout.id}`,
      kind: `payout-${input.decision}`,
      movements: movementsOf(payout, input.decision),
    });
    return (await lockPayout(tx, payout.id)) ?? new PayoutNotFound();
  },
);

const lockPayout = async (tx: Tx, id: string): Promise<Payout | null> =>
  (await selectPayouts(tx.db, 'id = $1 FOR UPDATE', [id]))[0] ?? null;

/** What is sent leaves the platform's bank account; what comes back is the creator's. */
const movementsOf = (
  { memberId, amount }: Payout,
  decision: PayoutDecision,
): readonly Movement[] => {
  const under = { code: 'payouts', ownerId: null } as const;
  const bank = { code: 'provider-balance', ownerId: providerOwner('bank') } as const;
  const creator = { code: 'creator-earnings', ownerId: memberId } as const;
  const [gives, gets] = {
    [PayoutDecision.PAID]: [under, bank] as const,
    [PayoutDecision.FAILED]: [under, creator] as const,
    [PayoutDecision.REVERSED]: [bank, creator] as const,
  }[decision];
  return [
    { ...gives, amount: negate(amount) },
    { ...gets, amount },
  ];
};
