import { createRequire } from 'node:module';
import { prepare } from '../start/prepare.mjs';
import { fail } from '../start/terminal.mjs';

/** Prepares the checkout as `npm start` does, then runs a command of this tool; its exit code is the process's. */
export const run = async (verb) => {
  try {
    await prepare();
    const { main } = createRequire(import.meta.url)('./dist/main.js');
    process.exitCode = await main([verb, ...process.argv.slice(2)]);
  } catch (error) {
    fail(error);
  }
};
