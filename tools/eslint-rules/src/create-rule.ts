import { ESLintUtils } from '@typescript-eslint/utils';

/** Each rule is one page, whose first comment is its documentation. */
export const createRule = ESLintUtils.RuleCreator((name) => `tools/eslint-rules/src/${name}.ts`);
