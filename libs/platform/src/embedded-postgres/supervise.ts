import { setTimeout as delay } from 'node:timers/promises';
import type { EmbeddedPostgresLog } from './index';
import { stopLeftovers } from './leftovers';
import { launchPostmaster, type LaunchPlan, type Postmaster } from './postmaster';

const restartAttempts = 5;
const shortLifeMs = 10_000;
const shortStopMs = 1_000;

/** A server that is started again, on its port, when it ends without being told to. */
export const supervise = async (plan: LaunchPlan, log: EmbeddedPostgresLog | undefined) => {
  let postmaster = await launchPostmaster(plan);
  let isStopRequested = false;
  const isStopping = () => isStopRequested;
  const { port } = postmaster;
  log?.info({ port, pid: postmaster.pid, cluster: plan.cluster }, 'postgres.started');

  const restart = async (attempt = 1): Promise<Postmaster> => {
    try {
      await stopLeftovers(plan.cluster);
      return await launchPostmaster(plan, port);
    } catch (error) {
      log?.error({ err: error, attempt }, 'postgres.restart-failed');
      if (isStopping() || attempt === restartAttempts) throw error;
      await delay(500 * attempt);
      return restart(attempt + 1);
    }
  };
  const keepRunning = async (): Promise<void> => {
    for (;;) {
      const startedAt = Date.now();
      await postmaster.exited;
      if (isStopping()) return;
      log?.error({ pid: postmaster.pid }, 'postgres.crashed');
      // One that crashes on start must not be started a thousand times a minute.
      if (Date.now() - startedAt < shortLifeMs) await delay(500);
      postmaster = await restart();
      if (isStopping()) return postmaster.stop(shortStopMs);
      log?.warn({ pid: postmaster.pid }, 'postgres.restarted');
    }
  };
  const running = keepRunning().catch(() => undefined);

  return {
    port,
    pid: () => postmaster.pid,
    stop: async (withinMs: number) => {
      isStopRequested = true;
      await postmaster.stop(withinMs);
      await running; // a restart may be under way
    },
  };
};
