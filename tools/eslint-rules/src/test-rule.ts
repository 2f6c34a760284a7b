import type { TSESLint } from '@typescript-eslint/utils';
import { RuleTester, type Rule } from 'eslint';
import { parser } from 'typescript-eslint';

/** What a rule must let pass and what it must report; each case is a test. */
export const testRule = <MessageIds extends string>(
  rule: TSESLint.RuleModule<MessageIds, readonly unknown[]> & { readonly name: string },
  cases: Parameters<RuleTester['run']>[2],
): void => {
  const tester = new RuleTester({ languageOptions: { parser } });
  // The same object; the two packages describe the syntax tree with types of their own.
  tester.run(rule.name, rule as unknown as Rule.RuleModule, cases);
};
