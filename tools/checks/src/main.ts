import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { openInstallation, toldOf } from '@lyceum/standalone/installation';
import { databaseNames } from './check';
import { runChecks, type CheckResult } from './run-checks';

const usage = `
Proves anew, on live data, what must always be true, and names the rows of which it is not.

  npm run checks -- [options]

  --data-dir DIR   the installation to look at      (.lyceum)
  --json           one JSON object a check
  --help           this text

With *_DATABASE_URL in the environment it looks at those databases. Ends with 1 when something is not true.
`;

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      'data-dir': { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const installation = await openInstallation({
    databases: databaseNames,
    dataDir: values['data-dir'],
    applicationName: 'lyceum-checks',
    poolSize: 1,
  });
  try {
    const results = await runChecks(installation.databases, {
      onResult: (result) => process.stdout.write(values.json ? asJson(result) : asText(result)),
    });
    const broken = results.filter((result) => result.broken > 0).length;
    if (!values.json) process.stdout.write(summary(results.length, broken));
    return broken === 0 ? 0 : 1;
  } finally {
    await installation.close();
  }
};

const asText = ({ check, examined, broken, shown, durationMs }: CheckResult): string => {
  const mark = broken === 0 ? 'ok    ' : 'BROKEN';
  const size = `${examined.toLocaleString('en')} rows`.padStart(16);
  const lines = [
    `${mark}  ${check.name.padEnd(32)}${size}${`${durationMs.toFixed(0)} ms`.padStart(10)}`,
  ];
  if (broken > 0) lines.push(`        ${check.says} Not so for ${broken.toLocaleString('en')}:`);
  for (const { row, problem } of shown) lines.push(`        ${row}: ${problem}`);
  if (broken > shown.length) lines.push(`        … and ${String(broken - shown.length)} more`);
  return `${lines.join('\n')}\n`;
};

const asJson = ({ check: { name, says, in: database }, ...result }: CheckResult): string =>
  `${JSON.stringify({ name, database, says, ...result })}\n`;

const summary = (checks: number, broken: number): string =>
  broken === 0
    ? `\nAll ${String(checks)} invariants hold.\n`
    : `\n${String(broken)} of ${String(checks)} invariants are broken.\n`;

process.stdout.on('error', () => undefined); // whoever read it has seen enough (`| head`); end in order

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`\n${toldOf(error)}\n`);
    process.exit(1);
  },
);
