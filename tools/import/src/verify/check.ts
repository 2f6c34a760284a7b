/** One thing that must agree, and on how many rows it does. */
export interface Check {
  readonly name: string;
  readonly rows: number;
  readonly equal: number;
  /** The share, or the figure, below which the check fails. */
  readonly gate: number;
  /** What is compared with the gate: a share of rows unless another figure is given. */
  readonly figure: number;
  /** Some of the rows that differ, for people. */
  readonly offenders: readonly string[];
}

const shownOffenders = 5;

type Figure = number | string | null | undefined;

/** Counts how often two sides agree, and keeps a few examples of where they do not. */
export class Tally {
  private rows = 0;
  private equal = 0;
  private readonly offenders: string[] = [];

  constructor(private readonly name: string) {}

  compare(row: string, { stated, found }: { stated: Figure; found: Figure }): void {
    this.rows += 1;
    if (stated === found) this.equal += 1;
    else if (this.offenders.length < shownOffenders) {
      this.offenders.push(`${row}: the dump says ${shown(stated)}, the database ${shown(found)}`);
    }
  }

  /** Every row must agree. */
  check(): Check {
    const { name, rows, equal, offenders } = this;
    return { name, rows, equal, gate: 1, figure: rows === 0 ? 1 : equal / rows, offenders };
  }
}

const shown = (value: Figure): string =>
  value === undefined || value === null ? 'nothing' : String(value);

export const isPassed = (check: Check): boolean => check.figure >= check.gate;

/** The checks as a table, each failed one followed by what it names. */
export const table = (checks: readonly Check[]): string => {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const line = (cells: readonly string[]): string => {
    const [name = '', ...numbers] = cells;
    return `  ${name.padEnd(width)} ${numbers.map((cell) => cell.padStart(10)).join(' ')}`;
  };
  const rows = checks.flatMap((check) => [
    line([
      check.name,
      check.rows.toLocaleString('en'),
      check.equal.toLocaleString('en'),
      check.figure.toFixed(5),
      check.gate.toFixed(3),
      isPassed(check) ? 'ok' : 'FAILED',
    ]),
    ...(isPassed(check) ? [] : check.offenders.map((offender) => `      ${offender}`)),
  ]);
  return [line(['', 'rows', 'equal', 'figure', 'gate', '']), ...rows].join('\n');
};
