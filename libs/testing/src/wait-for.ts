/** Asks until the answer is true-ish, and fails with the last answer after `timeoutMs`. Tests never sleep. */
export const waitFor = async <T>(
  ask: () => Promise<T> | T,
  options: { timeoutMs?: number; until?: (answer: T) => boolean } = {},
): Promise<T> => {
  const { timeoutMs = 10_000, until = Boolean } = options;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (until(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(`waited ${String(timeoutMs)} ms; last answer: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
