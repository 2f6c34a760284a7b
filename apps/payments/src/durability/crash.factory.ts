import type { DataSource } from 'typeorm';

/** The process is dead. Nothing that is asked of the database arrives there any more. */
export class Crash extends Error {}

/** For tests: a process that can be made to die at any statement, or after any commit, of what it does next. */
export interface MortalProcess {
  /**
   * Does it, dies after that many statements and commits, and does it again, as whoever asked does; `null` is a process
   * that lives.
   */
  survive<T>(steps: number | null, attempt: () => Promise<T>): Promise<T>;
  /** How often it died. */
  readonly deaths: () => number;
}

export const mortal = (dataSource: DataSource): MortalProcess => {
  let left: number | null = null;
  let deaths = 0;
  const isDead = (): boolean => left !== null && left <= 0;
  const tick = (): void => {
    if (isDead()) throw new Crash('the process is dead');
    if (left !== null) left -= 1;
  };
  const { query, transaction } = dataSource;
  Object.assign(dataSource, {
    query: (...call: Parameters<typeof query>) => {
      tick();
      return query.apply(dataSource, call);
    },
    transaction: async (...call: Parameters<typeof transaction>) => {
      const result: unknown = await transaction.apply(dataSource, call);
      tick(); // it is committed, and nobody hears of it
      return result;
    },
  });
  return {
    deaths: () => deaths,
    survive: async (steps, attempt) => {
      left = steps;
      try {
        const result = await attempt();
        if (!isDead()) return result;
      } catch (error) {
        if (!isDead()) throw error;
      } finally {
        if (isDead()) deaths += 1;
        left = null;
      }
      return attempt();
    },
  };
};
