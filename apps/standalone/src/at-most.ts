/** Waits for an ending, whichever, but not for longer than that. */
export const atMost = async (ms: number, ending: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms));
  });
  await Promise.race([ending.catch(() => undefined), late]);
  clearTimeout(timer);
};
