import { noNetworkInUseCase } from './no-network-in-use-case';
import { testRule } from './test-rule';

const network = (what: string) => ({ messageId: 'network' as const, data: { what } });

testRule(noNetworkInUseCase, {
  valid: [
    'export const pay = useCase(async (tx, input) => { await tx.db.save(input); await tx.emit(Paid, input); });',
    // A job may call out: it runs in no transaction.
    'export const send = defineJob({ name: "x", async run({ deps }) { await deps.graph.query("identity", q); await fetch(u); } });',
    // Names that only look alike.
    'export const draw = useCase(async (tx, input) => input.graph.nodes.length + input.queues.length);',
    'import type { Client } from "undici"; export const f = useCase(async (tx) => tx.db.query("SELECT 1"));',
    // A function of the file that no transaction uses.
    'const ask = () => fetch("http://x"); export const f = useCase(async (tx) => tx.now);',
  ],
  invalid: [
    {
      code: 'export const f = useCase(async (tx, input) => { await fetch(input.url); });',
      errors: [network('fetch()')],
    },
    {
      code: 'export const f = useCase(async (tx, { deps }) => { await deps.graph.query("identity", q); });',
      errors: [network('deps.graph')],
    },
    {
      code: 'export const f = (ctx) => inTransaction(ctx, async (tx) => { await ctx.deps.queues.add("q", []); });',
      errors: [network('deps.queues')],
    },
    {
      code: 'import { request } from "undici"; export const f = useCase(async () => { await request("http://x"); });',
      errors: [network('request()')],
    },
    {
      code: 'import * as http from "node:http"; export const f = useCase(async () => { http.get("http://x"); });',
      errors: [network('http()')],
    },
    {
      code: 'export const c = consume({ name: "c", types: [A], async handle(tx) { await enqueue(deps, job, { input }); } });',
      errors: [network('enqueue()')],
    },
    {
      code: 'import { Pool } from "undici"; export const f = useCase(async () => new Pool("http://x"));',
      errors: [network('Pool()')],
    },
    {
      name: 'in a function that the use case calls',
      code: 'const step = async () => { await fetch("http://x"); }; function other() { return step(); } export const f = useCase(async () => other());',
      errors: [network('fetch()')],
    },
    {
      name: 'in a use case given by name',
      code: 'const run = async (tx) => { await fetch("http://x"); }; export const f = useCase(run);',
      errors: [network('fetch()')],
    },
  ],
});
