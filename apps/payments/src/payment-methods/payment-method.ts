import type { AccountId, Id } from '@lyceum/contracts';
import type { EntityManager } from 'typeorm';
import { Field, ID, ObjectType } from 'type-graphql';

export type PaymentMethodId = Id<'PaymentMethod'>;

/** What an account has left to pay with again: a provider's token, never the card itself. */
@ObjectType({ description: 'Something that its owner left to pay with again.' })
export class PaymentMethod {
  @Field(() => ID) readonly id!: PaymentMethodId;
  readonly accountId!: AccountId;
  @Field(() => String, { description: '`stripe`, `alipay` …' }) readonly provider!: string;
  readonly token!: string;
  /** The same for the same card, from whichever account; null where a provider doesn't tell. */
  readonly fingerprint!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What it is, as its owner knows it; null until the provider has told.',
  })
  readonly label!: string | null;

  @Field(() => Date, { nullable: true, description: 'Until when it is good, if it expires.' })
  readonly expiresAt!: Date | null;

  @Field(() => Boolean, { description: 'Whether it is charged first.' })
  readonly isDefault!: boolean;

  @Field(() => Date, { description: 'When its owner agreed that it is kept and charged again.' })
  readonly consentedAt!: Date;

  /** The default is the one with the latest. */
  readonly preferredAt!: Date;
}

const columns = `id, account_id AS "accountId", provider, token, fingerprint, label, expires_at AS "expiresAt",
  consented_at AS "consentedAt", preferred_at AS "preferredAt", NOT EXISTS (
    SELECT FROM payment_method AS other WHERE other.account_id = payment_method.account_id
      AND (other.preferred_at, other.id) > (payment_method.preferred_at, payment_method.id)) AS "isDefault"`;

/** Methods that match, the default first; `where` is SQL of ours, with its parameters from $1. */
export const selectPaymentMethods = async (
  db: EntityManager,
  where: string,
  parameters: readonly unknown[],
): Promise<PaymentMethod[]> => {
  const rows = await db.query<PaymentMethod[]>(
    `SELECT ${columns} FROM payment_method WHERE ${where}`,
    [...parameters],
  );
  return rows.map((row) => Object.assign(new PaymentMethod(), row));
};

const inOrder = 'ORDER BY account_id, preferred_at DESC, id DESC';

/** What each of these accounts can be charged by, its default first. */
export const paymentMethodsOf = async (
  db: EntityManager,
  accountIds: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, readonly PaymentMethod[]>> => {
  const methods = new Map<AccountId, PaymentMethod[]>();
  const all = await selectPaymentMethods(db, `account_id = ANY($1) ${inOrder}`, [accountIds]);
  for (const method of all)
    methods.set(method.accountId, [...(methods.get(method.accountId) ?? []), method]);
  return methods;
};
