import { createRequire } from 'node:module';
import { prepare } from '../start/prepare.mjs';
import { fail } from '../start/terminal.mjs';

/** Prepares the checkout as `npm start` does, then runs a command of this tool; its exit code is the process's. */
export const run = async (entry) => {
  try {
    process.setSourceMapsEnabled(true);
    process.env.NODE_ENV ??= 'production';
    process.env.APOLLO_TELEMETRY_DISABLED = 'true';
    await prepare();
    const { main } = createRequire(import.meta.url)(`./dist/${entry}.js`);
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    fail(error);
  }
};
