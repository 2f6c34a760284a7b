import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/utils';
import { createRule } from './create-rule';

/**
 * No network call inside a transaction: not in the callback of `useCase`, not in a consumer's `handle`,
 * and not in a function of the same file that they call.
 *
 * A transaction holds locks and a connection for as long as it lasts, and a remote system's answer takes as
 * long as it likes; what it did is not undone by the rollback either. So a use case records the intent and
 * emits; a job calls out, with an idempotency key, and records the outcome in a use case of its own.
 */
export const noNetworkInUseCase = createRule<[], 'network'>({
  name: 'no-network-in-use-case',
  meta: {
    type: 'problem',
    docs: { description: 'forbid calls over the network inside a use case or a consumer' },
    messages: {
      network:
        '{{what}} is a network call inside a transaction. Record the intent and tx.emit() an event; let a job (defineJob) call out and record the outcome in its own use case.',
    },
    schema: [],
    defaultOptions: [],
  },
  create(context) {
    const fromNetwork = new Set(['fetch', 'WebSocket', 'EventSource']);
    const functions = new Map<string, TSESTree.Node>();
    const transactions: TSESTree.Node[] = [];
    return {
      ImportDeclaration(node) {
        if (node.importKind === 'type' || !networkModules.has(node.source.value)) return;
        for (const specifier of node.specifiers) fromNetwork.add(specifier.local.name);
      },
      FunctionDeclaration(node) {
        if (node.id !== null) functions.set(node.id.name, node);
      },
      VariableDeclarator(node) {
        if (node.id.type === AST_NODE_TYPES.Identifier && isFunction(node.init)) {
          functions.set(node.id.name, node.init);
        }
      },
      CallExpression(node) {
        const body = transactionIn(node);
        if (body !== undefined) transactions.push(body);
      },
      'Program:exit'() {
        for (const node of reachable(transactions, functions)) {
          const what = networkUse(node, fromNetwork);
          if (what !== undefined) context.report({ node, messageId: 'network', data: { what } });
        }
      },
    };
  },
});

const networkModules = new Set(
  ['undici', 'axios', 'got', 'ioredis', 'bullmq', 'ws', 'nodemailer'].concat(
    ['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns'].flatMap((name) => [
      name,
      `node:${name}`,
    ]),
  ),
);

/** Members of the world outside of the transaction, wherever they are taken from (`deps.graph`, `ctx.deps.queues`). */
const remoteMembers = new Set(['graph', 'queues']);

/** Functions of the platform that reach a queue. */
const remoteFunctions = new Set(['enqueue']);

const isFunction = (node: TSESTree.Node | null | undefined): node is TSESTree.Node =>
  node?.type === AST_NODE_TYPES.ArrowFunctionExpression ||
  node?.type === AST_NODE_TYPES.FunctionExpression;

/** What runs in the transaction that this call makes, if it makes one; a name or a function. */
const transactionIn = (call: TSESTree.CallExpression): TSESTree.Node | undefined => {
  if (call.callee.type !== AST_NODE_TYPES.Identifier) return undefined;
  switch (call.callee.name) {
    case 'useCase':
      return call.arguments[0];
    case 'inTransaction':
      return call.arguments[1];
    case 'consume':
      return handleOf(call.arguments[0]);
    default:
      return undefined;
  }
};

const handleOf = (definition: TSESTree.Node | undefined): TSESTree.Node | undefined => {
  if (definition?.type !== AST_NODE_TYPES.ObjectExpression) return undefined;
  for (const property of definition.properties) {
    const isHandle =
      property.type === AST_NODE_TYPES.Property &&
      property.key.type === AST_NODE_TYPES.Identifier &&
      property.key.name === 'handle';
    if (isHandle) return property.value;
  }
  return undefined;
};

/** Every node inside of the starts, and inside of the file's functions that they name. */
function* reachable(
  starts: readonly TSESTree.Node[],
  functions: ReadonlyMap<string, TSESTree.Node>,
): Generator<TSESTree.Node> {
  const seen = new Set<TSESTree.Node>();
  const waiting = [...starts];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    yield node;
    const named = node.type === AST_NODE_TYPES.Identifier ? functions.get(node.name) : undefined;
    waiting.push(...childrenOf(node), ...(named === undefined ? [] : [named]));
  }
}

const childrenOf = (node: TSESTree.Node): TSESTree.Node[] =>
  Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
    key === 'parent' ? [] : [value].flat().filter(isNode),
  );

const isNode = (value: unknown): value is TSESTree.Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** What in this node reaches over the network, in words; undefined when nothing does. */
const networkUse = (node: TSESTree.Node, fromNetwork: ReadonlySet<string>): string | undefined => {
  if (node.type === AST_NODE_TYPES.MemberExpression) {
    const { object, property } = node;
    if (property.type !== AST_NODE_TYPES.Identifier || !remoteMembers.has(property.name))
      return undefined;
    return lastName(object) === 'deps' ? `deps.${property.name}` : undefined;
  }
  if (node.type !== AST_NODE_TYPES.CallExpression && node.type !== AST_NODE_TYPES.NewExpression) {
    return undefined;
  }
  const name = firstName(node.callee);
  if (name === undefined) return undefined;
  return fromNetwork.has(name) || remoteFunctions.has(name) ? `${name}()` : undefined;
};

/** `c` of `a.b.c`. */
const lastName = (node: TSESTree.Node): string | undefined => {
  if (node.type === AST_NODE_TYPES.Identifier) return node.name;
  return node.type === AST_NODE_TYPES.MemberExpression ? lastName(node.property) : undefined;
};

/** `a` of `a.b.c`. */
const firstName = (node: TSESTree.Node): string | undefined => {
  if (node.type === AST_NODE_TYPES.Identifier) return node.name;
  return node.type === AST_NODE_TYPES.MemberExpression ? firstName(node.object) : undefined;
};
