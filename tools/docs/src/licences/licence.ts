/** Licences that ask for nothing but their notice; packages under them are counted, not listed. */
const plain = new Set(['MIT', 'MIT-0', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause']);

/** Those that docs/licences.md explains, so that an operator can read what they ask for. */
const explained = new Set(['0BSD', 'BlueOak-1.0.0', 'Elastic-2.0', 'PSF-2.0', 'Unlicense']);

export type LicenceClass = 'plain' | 'explained' | 'unknown';

/** The class of an SPDX expression. Of `A OR B` the better counts, of `A AND B` the worse. */
export const classOf = (expression: string): LicenceClass => {
  const parts = expression.replace(/[()]/g, '').split(/ (?:AND|OR) /);
  const classes = parts.map(classOfOne);
  const isChoice = expression.includes(' OR ');
  if (isChoice && expression.includes(' AND ')) return 'unknown'; // rare, and for a person to read
  const order = ['plain', 'explained', 'unknown'] as const;
  const found = order.filter((each) => classes.includes(each));
  return (isChoice ? found[0] : found.at(-1)) ?? 'unknown';
};

const classOfOne = (licence: string): LicenceClass => {
  if (plain.has(licence)) return 'plain';
  return explained.has(licence) ? 'explained' : 'unknown';
};
