import { Complaint } from '@lyceum/standalone/installation';
import { parseCommand } from './arguments';

const parse = (line: string) => parseCommand(line.split(' '));

describe('parseCommand', () => {
  it('reads an import', () => {
    expect(parse('import stackexchange a/dump --community ai --name Minds --no-wait')).toEqual({
      kind: 'import',
      folder: 'a/dump',
      slug: 'ai',
      name: 'Minds',
      dataDir: undefined,
      isWaiting: false,
    });
    expect(parse('import stackexchange dump --community ai --data-dir x')).toMatchObject({
      name: 'ai',
      dataDir: 'x',
      isWaiting: true,
    });
  });

  it('reads a verification and the making of a demo', () => {
    expect(parse('verify stackexchange dump --community ai')).toEqual({
      kind: 'verify',
      folder: 'dump',
      slug: 'ai',
      dataDir: undefined,
    });
    expect(parse('import demo dump --site x.example --to out')).toEqual({
      kind: 'demo',
      folder: 'dump',
      site: 'x.example',
      to: 'out',
    });
  });

  it.each([
    ['import stackexchange dump', /--community is missing/],
    ['import stackexchange dump --community A_B', /takes a slug/],
    ['import stackexchange dump --community ../etc', /takes a slug/],
    ['import stackexchange --community ai', /Usage/],
    ['import stackexchange dump extra --community ai', /Usage/],
    ['import discourse dump --community ai', /Unknown format "discourse"/],
    ['import stackexchange dump --community ai --fast', /Unknown option '--fast'/],
    ['import demo dump --site x.example', /--to is missing/],
  ])('refuses %s', (line, reason) => {
    expect(() => parse(line)).toThrow(Complaint);
    expect(() => parse(line)).toThrow(reason);
  });

  it('says when npm has taken the options', () => {
    process.env['npm_config_community'] = 'true';
    try {
      expect(() => parse('import stackexchange dump ai')).toThrow(/put -- before them/);
    } finally {
      delete process.env['npm_config_community'];
    }
  });
});
