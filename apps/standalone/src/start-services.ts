import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { watchOver } from '@lyceum/platform/embedded-postgres';
import { atMost } from './at-most';
import { Complaint } from './complaint';
import {
  planServices,
  serviceEnv,
  type ServicePlan,
  type ServiceSurroundings,
} from './service-plan';

export interface ServicesOptions extends ServiceSurroundings {
  /** The gateway's; the others follow it. 0 for free ones. */
  readonly port: number;
  /** The processes to start, by name; all of them by default. */
  readonly only?: readonly string[];
  /** What the processes write. */
  onLine(service: string, line: string): void;
  /** When one of them ends without being told to. */
  onEnd?(service: string, code: number | string): void;
}

export interface RunningServices {
  /** The public endpoint. */
  readonly url: string;
  /** Where each process answers health and metrics, by name. */
  readonly urls: ReadonlyMap<string, string>;
  pidOf(service: string): number;
  /** Ends one at once, as a crash would. */
  kill(service: string): Promise<void>;
  /** Starts one again that was killed. */
  restart(service: string): Promise<void>;
  stop(): Promise<void>;
}

/** One process a deployable, configured by environment variables alone; returns when all are ready. */
export const startServices = async (options: ServicesOptions): Promise<RunningServices> => {
  const { only } = options;
  const all = await planServices(options.port);
  const plans = only === undefined ? all : all.filter(({ name }) => only.includes(name));
  const running = new Map<string, ChildProcess>();
  const told = new Set<string>();
  const start = (plan: ServicePlan): void => {
    told.delete(plan.name);
    const child = spawnService(plan, { plans: all, options });
    running.set(plan.name, child);
    child.once('exit', (code, signal) => {
      running.delete(plan.name);
      if (!told.has(plan.name)) options.onEnd?.(plan.name, signal ?? code ?? 0);
    });
  };
  const end = async (name: string, signal: NodeJS.Signals): Promise<void> => {
    told.add(name);
    const child = running.get(name);
    if (child === undefined) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  const stop = () => stopAll(plans, { running, end });

  plans.forEach(start);
  await untilReady(plans, running).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    url: `http://127.0.0.1:${String(plans[0]?.port)}`,
    urls: new Map(plans.map(({ name, port }) => [name, `http://127.0.0.1:${String(port)}`])),
    pidOf: (service) => running.get(service)?.pid ?? 0,
    kill: (service) => end(service, 'SIGKILL'),
    restart: async (service) => {
      const plan = plans.find(({ name }) => name === service);
      if (plan === undefined) throw new Error(`there is no service ${service}`);
      start(plan);
      await untilReady([plan], running);
    },
    stop,
  };
};

const root = join(__dirname, '../../..');

const spawnService = (
  plan: ServicePlan,
  { plans, options }: { plans: readonly ServicePlan[]; options: ServicesOptions },
): ChildProcess => {
  const child = spawn(process.execPath, ['--enable-source-maps', ...plan.command], {
    cwd: join(root, 'apps', plan.app),
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      APOLLO_TELEMETRY_DISABLED: 'true',
      ...serviceEnv(plan, plans, options),
    },
    // Its own session: Ctrl-C at the terminal is for us, and we decide on the order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  watchOver(child, { signal: 'TERM' });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => options.onLine(plan.name, line));
  }
  return child;
};

const readyMs = 60_000;

const untilReady = async (
  plans: readonly ServicePlan[],
  running: ReadonlyMap<string, ChildProcess>,
): Promise<void> => {
  const deadline = Date.now() + readyMs;
  for (const { name, port } of plans) {
    while (!(await isReady(port))) {
      const ended = plans.find((plan) => !running.has(plan.name));
      if (ended !== undefined) throw new Complaint(`${ended.name} ended before it was ready.`);
      if (Date.now() > deadline) throw new Complaint(`${name} is not ready after a minute.`);
      await delay(50);
    }
  }
};

const isReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${String(port)}/health/ready`).then(
    (response) => response.ok,
    () => false,
  );

const gatewayStopMs = 1_500;
const othersStopMs = 2_500;

/** The gateway first: what it has under way needs the others. */
const stopAll = async (
  plans: readonly ServicePlan[],
  {
    running,
    end,
  }: {
    running: ReadonlyMap<string, ChildProcess>;
    end: (name: string, signal: NodeJS.Signals) => Promise<void>;
  },
): Promise<void> => {
  await atMost(gatewayStopMs, end('gateway', 'SIGTERM'));
  await atMost(othersStopMs, Promise.all(plans.map(({ name }) => end(name, 'SIGTERM'))));
  await Promise.all([...running.keys()].map((name) => end(name, 'SIGKILL')));
};
