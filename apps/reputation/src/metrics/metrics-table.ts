import { catalogue } from './catalogue';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** The table of `docs/metrics.md`, a row a metric. */
export const metricsTable = (): string =>
  [
    '| metric | meaning | formula | unit | source | refresh | by | for |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...catalogue.map((metric) =>
      [
        '',
        `\`${metric.name.toUpperCase()}\``,
        cell(metric.meaning),
        cell(metric.formula),
        metric.unit,
        cell(metric.source),
        cell(metric.refresh),
        metric.dimensions.join(', ') || '–',
        metric.isPublic ? 'all' : 'analysts',
        '',
      ]
        .join(' | ')
        .trim(),
    ),
  ].join('\n');
