import { routes } from '@lyceum/contracts';

/** `docs/events.md`: every event, what it means, and who consumes it. */
export const eventsPage = (): string => {
  const rows = [...routes].map(
    ([type, destinations]) =>
      `| \`${type.name}\` | ${type.description.replaceAll('|', '\\|')} | ${destinations.map((name) => `\`${name}\``).join(', ') || '–'} |`,
  );
  return `# Events

Generated from \`libs/contracts\` by \`npm run schema\`; do not edit. Each destination has a queue of its own
(\`events-<destination>\`); delivery is at least once and unordered, and takes effect exactly once.

| event | meaning | consumed by |
|---|---|---|
${rows.join('\n')}
`;
};
