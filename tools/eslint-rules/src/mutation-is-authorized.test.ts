import { mutationIsAuthorized } from './mutation-is-authorized';
import { testRule } from './test-rule';

const resolver = (member: string) => `@Resolver() class R { ${member} }`;
const options = [{ open: { login: 'Is how one becomes logged in.' } }];

testRule(mutationIsAuthorized, {
  valid: [
    { options, code: resolver('@Authorized() @Mutation(() => T) vote() {}') },
    { options, code: resolver('@Mutation(() => T) @Authorized() vote() {}') },
    { options, code: resolver('@Mutation(() => T) login() {}') },
    { options, code: resolver("@Mutation(() => T, { name: 'login' }) logIn() {}") },
    { options, code: resolver('@Query(() => T) votes() {}') },
    { options, code: resolver('vote() {}') },
  ],
  invalid: [
    {
      options,
      code: resolver('@Mutation(() => T) vote() {}'),
      errors: [{ messageId: 'unauthorized', data: { name: 'vote' } }],
    },
    {
      options,
      code: resolver('@Mutation(returns => T, { nullable: true }) async vote(): Promise<T> {}'),
      errors: [{ messageId: 'unauthorized' }],
    },
    {
      options,
      code: resolver("@Mutation(() => T, { name: 'other' }) login() {}"),
      errors: [{ messageId: 'unauthorized', data: { name: 'other' } }],
    },
    {
      options,
      code: resolver('@Mutation(() => T) constructorLike() {} @Mutation(() => T) toString() {}'),
      errors: [{ messageId: 'unauthorized' }, { messageId: 'unauthorized' }],
    },
    {
      options,
      code: resolver('@Authorized() @Mutation(() => T) login() {}'),
      errors: [{ messageId: 'listed', data: { name: 'login' } }],
    },
    {
      code: resolver('@Mutation(() => T) transferAllMoney() {}'),
      errors: [{ messageId: 'unauthorized' }],
    },
  ],
});
