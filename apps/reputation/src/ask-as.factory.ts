import type { AccountId } from '@lyceum/contracts';
import { newId, type CommunityId, type MemberId } from '@lyceum/contracts';
import { execute, parse } from 'graphql';
import type { LivedIn } from './lived-in.factory';
import { membership } from './lived-in.factory';

type Answer = Record<string, Record<string, unknown>>;

/** Asks as an account, or as nobody; throws the first error. */
export const askAs = async (
  { schema, world }: LivedIn,
  account: AccountId | null,
  request: { source: string; variables?: Record<string, unknown> },
): Promise<Answer> => {
  // Not validated: one selection serves the unions of many mutations.
  const { data, errors } = await execute({
    schema,
    contextValue: world.as(account),
    document: parse(request.source),
    variableValues: request.variables ?? {},
  });
  if (errors?.[0]) throw errors[0];
  return JSON.parse(JSON.stringify(data)) as Answer;
};

/** Calls a mutation whose argument is `input`, and gives its outcome: its type, code, and what is selected. */
export const outcomeAs = async (
  lived: LivedIn,
  account: AccountId | null,
  { mutation, input, select = '' }: { mutation: string; input: object; select?: string },
): Promise<Record<string, unknown>> => {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const source = `mutation ($input: ${type}!) { outcome: ${mutation}(input: $input) {
    __typename ... on UserError { code message } ${select} } }`;
  const { outcome } = await askAs(lived, account, { source, variables: { input } });
  return outcome ?? {};
};

/** Lets an account become a member, and gives both. */
export const aMemberAs = async (
  lived: LivedIn,
  told: { role: 'owner' | 'admin' | 'member'; communityId: CommunityId },
): Promise<{ accountId: AccountId; memberId: MemberId }> => {
  const [accountId, memberId] = [newId<'Account'>(), newId<'Member'>()];
  const event = membership(told.communityId, memberId, {});
  const payload = { ...(event.payload as object), accountId, role: told.role };
  await lived.receive([{ ...event, payload }]);
  return { accountId, memberId };
};
