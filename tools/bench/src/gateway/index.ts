import { createHash } from 'node:crypto';
import { absolute, compared, median, stretch, type Figure } from '../figures';
import { startProcess, type Served } from './child-process';
import type { FloorInput } from './floor-process';
import { gatewayInput } from './gateway-input';
import { answerOf, loadOn, warmUp, type Load } from './load';
import { queries, type QueryName } from './shop';

export interface GatewayBenchOptions {
  readonly rounds: number;
  readonly seconds?: number;
}

/** Ratios to the stock gateway that the design asks for. */
const throughputTargets: Readonly<Record<QueryName, number>> = { small: 5, heavy: 2 };
/** How much more CPU a request may cost than the same calls without a gateway, says the design (G5). */
const floorTargets: Readonly<Record<QueryName, number>> = { small: 2, heavy: 5 };
/** The design's G6: how long the unluckiest wait, against the stock gateway's. */
const p99Target = 0.1;
const warmUpRequests: Readonly<Record<QueryName, number>> = { small: 5_000, heavy: 400 };
const gatewayCore = 0;
const otherCore = 1;

interface Contenders {
  readonly ours: Served;
  readonly stock: Served;
  readonly subgraphs: Served;
}

/**
 * Our gateway and the stock one, in front of the same subgraphs, in alternating rounds. Both are checked
 * to give the same data, and every answer under load to be the one that was checked.
 */
export const runGatewayBench = async ({
  rounds,
  seconds = 4,
}: GatewayBenchOptions): Promise<readonly Figure[]> => {
  const subgraphs = await startProcess('subgraphs', { core: otherCore });
  const input = gatewayInput(subgraphs.ports);
  const ours = await startProcess('ours', { core: gatewayCore, input });
  const stock = await startProcess('stock', { core: gatewayCore, input });
  try {
    const figures: Figure[] = [];
    for (const name of ['small', 'heavy'] as const) {
      figures.push(...(await benchQuery({ ours, stock, subgraphs }, name, { rounds, seconds })));
    }
    return figures;
  } finally {
    await Promise.all([ours, stock, subgraphs].map((served) => served.stop()));
  }
};

interface Round {
  readonly ours: Load;
  readonly peer: Load;
  readonly floor: Load;
}

const benchQuery = async (
  contenders: Contenders,
  name: QueryName,
  { rounds, seconds }: Required<GatewayBenchOptions>,
): Promise<readonly Figure[]> => {
  const { ours, stock } = contenders;
  const query = queries[name];
  const answers = { ours: await answerOf(ours, query), stock: await answerOf(stock, query) };
  if (hashOf(answers.ours) !== hashOf(answers.stock))
    throw new Error(`the gateways answer ${name} differently`);
  const calls = await callsOf(contenders, query);
  const floor = await startFloor(contenders, { count: calls, answer: answers.ours });
  try {
    const measure = (served: Served, answer: string) => loadOn(served, { query, answer, seconds });
    for (const served of [ours, stock, floor]) {
      await warmUp(served, { query, requests: warmUpRequests[name] });
    }
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      measured.push({
        ours: await measure(ours, answers.ours),
        peer: await measure(stock, answers.stock),
        floor: await measure(floor, answers.ours),
      });
    }
    return figuresOf(name, measured, calls);
  } finally {
    await floor.stop();
  }
};

const figuresOf = (name: QueryName, rounds: readonly Round[], calls: number): readonly Figure[] => {
  const label = `gateway.${name} query (${String(calls)} calls)`;
  const ratio = median(rounds.map(({ ours, peer }) => ours.cpuMsPerRequest / peer.cpuMsPerRequest));
  const target = throughputTargets[name];
  return [
    compared(
      { name: `${label} ÷ stock @apollo/gateway`, unit: 'requests/s', atLeast: target },
      rounds.map(({ ours, peer }) => ({
        ours: ours.requestsPerSecond,
        peer: peer.requestsPerSecond,
      })),
    ),
    {
      ...absolute(
        { name: `${label}, CPU a request`, unit: 'ms', atMost: Infinity },
        rounds.map(({ ours }) => ours.cpuMsPerRequest),
      ),
      peer: median(rounds.map(({ peer }) => peer.cpuMsPerRequest)),
      ratio,
      target: `≤ ${(1 / target).toFixed(2)}×`,
      isMet: ratio <= 1 / target,
    },
    stretch(
      absolute(
        { name: `${label}, CPU ÷ bare proxy's`, unit: '×', atMost: floorTargets[name] },
        rounds.map(({ ours, floor }) => ours.cpuMsPerRequest / floor.cpuMsPerRequest),
      ),
    ),
    stretch(
      absolute(
        { name: `${label}, p99 ÷ stock's`, unit: '×', atMost: p99Target },
        rounds.map(({ ours, peer }) => ours.p99Ms / peer.p99Ms),
      ),
    ),
  ];
};

/** Calls to subgraphs for one request, which must not differ between the two. */
const callsOf = async ({ ours, stock, subgraphs }: Contenders, query: string): Promise<number> => {
  const counted = [];
  for (const served of [ours, stock]) {
    const before = await subgraphs.count();
    await answerOf(served, query);
    counted.push((await subgraphs.count()) - before);
  }
  const [mine = 0, theirs] = counted;
  if (mine !== theirs) throw new Error(`${String(mine)} calls against ${String(theirs)}`);
  return mine;
};

const startFloor = (
  { subgraphs }: Contenders,
  { count, answer }: { count: number; answer: string },
): Promise<Served> => {
  const call = JSON.stringify({ query: '{ me { id handle displayName } }' });
  const input: FloorInput = {
    target: `http://127.0.0.1:${String(subgraphs.ports[0])}`,
    calls: Array.from({ length: count }, () => call),
    answer,
  };
  return startProcess('floor', { core: gatewayCore, input });
};

/** Of the data, whatever the order of its keys and the white space around it. */
const hashOf = (text: string): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(JSON.parse(text))))
    .digest('hex');

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
};
