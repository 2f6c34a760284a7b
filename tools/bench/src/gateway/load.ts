import autocannon from 'autocannon';
import type { Served } from './child-process';

export interface Load {
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  readonly cpuMsPerRequest: number;
}

export interface LoadRequest {
  readonly query: string;
  /** Every answer must be this, to the byte. */
  readonly answer: string;
  readonly seconds: number;
}

const connections = 50;

export const addressOf = ({ ports }: Served): string =>
  `http://127.0.0.1:${String(ports[0])}/graphql`;

/** Fifty clients that ask again as soon as they are answered, each time with another token. */
export const loadOn = async (
  served: Served,
  { query, answer, seconds }: LoadRequest,
): Promise<Load> => {
  const cpuBefore = await served.cpuMs();
  const result = await autocannon({
    url: addressOf(served),
    connections,
    duration: seconds,
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer [<id>]' },
    idReplacement: true,
    body: JSON.stringify({ query }),
    expectBody: answer,
  });
  const cpuMs = (await served.cpuMs()) - cpuBefore;
  const bad = result.non2xx + result.errors + result.timeouts + result.mismatches;
  if (bad > 0)
    throw new Error(
      `${String(bad)} requests of ${String(result.requests.total)} were not answered as they should be`,
    );
  return {
    requestsPerSecond: result.requests.total / result.duration,
    p99Ms: result.latency.p99,
    cpuMsPerRequest: cpuMs / result.requests.total,
  };
};

/** Asks so often that the process has compiled what it runs, however busy the machine is. */
export const warmUp = async (
  served: Served,
  { query, requests }: { query: string; requests: number },
): Promise<void> => {
  await autocannon({
    url: addressOf(served),
    connections,
    amount: requests,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
};

/** One answer, as text. */
export const answerOf = async (served: Served, query: string): Promise<string> => {
  const response = await fetch(addressOf(served), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.text();
};
