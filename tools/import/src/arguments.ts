import { parseArgs } from 'node:util';
import { Complaint } from '@lyceum/standalone/installation';

export interface ImportCommand {
  readonly kind: 'import';
  readonly folder: string;
  readonly slug: string;
  readonly name: string;
  readonly dataDir: string | undefined;
  readonly isWaiting: boolean;
}

export interface VerifyCommand {
  readonly kind: 'verify';
  readonly folder: string;
  readonly slug: string;
  readonly dataDir: string | undefined;
}

export interface DemoCommand {
  readonly kind: 'demo';
  readonly folder: string;
  readonly site: string;
  readonly to: string;
}

export type Command = ImportCommand | VerifyCommand | DemoCommand;

export const usage = `Usage:
  npm run import -- stackexchange FOLDER --community SLUG [--name NAME] [--data-dir DIR] [--no-wait]
  npm run verify -- stackexchange FOLDER --community SLUG [--data-dir DIR]
  npm run import -- demo FOLDER --site HOST --to FOLDER

FOLDER holds a Stack Exchange data dump: Users, Posts, Votes, Comments, Tags, PostLinks and,
where there are any, Badges and PostHistory; .xml or .xml.gz.`;

/** Reads a command line such as \`import stackexchange dump --community ai\`. */
export const parseCommand = (args: readonly string[]): Command => {
  const { values, positionals } = parse(args);
  if (values.community === undefined && process.env['npm_config_community'] !== undefined) {
    throw new Complaint(`npm took the options for its own: put -- before them.\n\n${usage}`);
  }
  const [verb, format, folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) throw new Complaint(usage);
  if (verb === 'import' && format === 'demo') {
    return {
      kind: 'demo',
      folder,
      site: required(values.site, '--site'),
      to: required(values.to, '--to'),
    };
  }
  if (format !== 'stackexchange')
    throw new Complaint(`Unknown format "${format ?? ''}".\n\n${usage}`);
  const common = {
    folder,
    slug: slugOf(required(values.community, '--community')),
    dataDir: values['data-dir'],
  };
  if (verb === 'verify') return { kind: 'verify', ...common };
  const name = (values.name ?? common.slug).trim();
  if (name === '' || name.length > 200) throw new Complaint('--name takes 1 to 200 characters.');
  return { kind: 'import', ...common, name, isWaiting: values['no-wait'] !== true };
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        community: { type: 'string' },
        name: { type: 'string' },
        'data-dir': { type: 'string' },
        'no-wait': { type: 'boolean' },
        site: { type: 'string' },
        to: { type: 'string' },
      },
    });
  } catch (error) {
    throw new Complaint(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
};

const required = (value: string | undefined, name: string): string => {
  if (value === undefined || value.trim() === '')
    throw new Complaint(`${name} is missing.\n\n${usage}`);
  return value.trim();
};

const slugOf = (text: string): string => {
  if (!/^[a-z0-9-]{2,50}$/.test(text)) {
    throw new Complaint(
      `--community takes a slug of a-z, 0-9 and "-", 2 to 50 characters; "${text}" is none.`,
    );
  }
  return text;
};
