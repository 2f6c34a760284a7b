import { newId, type AccountId } from '@lyceum/contracts';
import { badInput, personalToken, UserError, type Scope } from '@lyceum/platform';
import { randomBytes } from 'node:crypto';
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { AccountTx } from '../account-case';
import { parseLine } from '../text';
import { hashOfToken } from './exchange-token';
import { PersonalToken } from './personal-token.entity';

export const TokenScope = {
  READ: 'read',
  WRITE: 'write',
  ANALYTICS_READ: 'analytics:read',
  MONEY_READ: 'money:read',
  MONEY_WRITE: 'money:write',
  ADMIN: 'admin',
} as const satisfies Record<string, Scope>;
export type TokenScope = Scope;
registerEnumType(TokenScope, {
  name: 'TokenScope',
  description: 'What a token for programs may do. It never allows more than its account may.',
  valuesConfig: {
    READ: { description: 'Queries and subscriptions.' },
    WRITE: { description: 'Mutations, as posting and voting.' },
    ANALYTICS_READ: { description: 'Metrics, segments and portraits.' },
    MONEY_READ: { description: 'Orders, ledgers, earnings and costs.' },
    MONEY_WRITE: { description: 'Buying, refunding and paying out.' },
    ADMIN: { description: 'Running a community: settings, members, roles.' },
  },
});

/** What an analyst's program may have: nothing that changes anything. */
export const readOnlyScopes: readonly TokenScope[] = ['read', 'analytics:read', 'money:read'];

@ObjectType({ description: 'A token that was just made. It cannot be shown again.' })
export class NewPersonalToken {
  @Field(() => String, { description: 'For the header `Authorization: Bearer …`.' })
  token!: string;
  @Field(() => PersonalToken) personalToken!: PersonalToken;
}

@ObjectType({ implements: UserError, description: 'Revoke some that are not needed any more.' })
export class TooManyTokens extends UserError {
  readonly code = 'TOO_MANY_TOKENS' as const;
  readonly message: string;
  @Field(() => Int) readonly max: number;
  constructor(max: number) {
    super();
    this.max = max;
    this.message = `An account may have ${max} tokens at once.`;
  }
}

export const maxTokens = 50;
const maxDays = 366;
const day = 24 * 60 * 60 * 1_000;

export interface TokenWish {
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly expiresInDays: number;
}

/** Checks and makes a token of this account; only its hash is kept. */
export const createToken = async (
  tx: AccountTx,
  { accountId, createdBy }: { readonly accountId: AccountId; readonly createdBy: AccountId },
  wish: TokenWish,
): Promise<NewPersonalToken | TooManyTokens> => {
  const name = parseLine('name', wish.name, { max: 80 });
  const scopes = [...new Set(wish.scopes)];
  if (scopes.length === 0) throw badInput('A token needs a scope.', { field: 'scopes' });
  const { expiresInDays } = wish;
  if (expiresInDays < 1 || expiresInDays > maxDays)
    throw badInput(`A token lives 1 to ${maxDays} days.`, { field: 'expiresInDays' });

  // The account's row is the lock: two at once must not both be the last one that fits.
  await tx.db.query('SELECT FROM account WHERE id = $1 FOR NO KEY UPDATE', [accountId]);
  const living = await tx.db.query<unknown[]>(
    'SELECT FROM personal_token WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $2',
    [accountId, tx.now],
  );
  if (living.length >= maxTokens) return new TooManyTokens(maxTokens);

  const token = personalToken(randomBytes(32).toString('base64url'));
  const made = tx.db.create(PersonalToken, {
    id: newId<'PersonalToken'>(),
    accountId,
    name,
    hash: hashOfToken(token),
    hint: token.slice(0, 8),
    scopes,
    createdBy,
    createdAt: tx.now,
    expiresAt: new Date(tx.now.getTime() + expiresInDays * day),
    lastUsedAt: null,
    revokedAt: null,
  });
  await tx.db.insert(PersonalToken, made);
  await tx.audit('token.created', accountId);
  return Object.assign(new NewPersonalToken(), { token, personalToken: made });
};
