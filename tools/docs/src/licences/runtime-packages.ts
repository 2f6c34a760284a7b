/** What we read of package-lock.json. */
export interface LockFile {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

type Licence = string | { readonly type: string };

interface LockEntry {
  readonly version?: string;
  /** An SPDX expression; older packages name an object, or several. */
  readonly license?: Licence | readonly Licence[];
  readonly link?: boolean;
  /** Only reached through dependencies of development. */
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface RuntimePackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, or `none` when the package names no licence. */
  readonly licence: string;
  /** From a dependency of ours down to the package. */
  readonly path: readonly string[];
}

/** Every package that is installed to run Lyceum, by the shortest way we come to need it. */
export const runtimePackages = ({ packages }: LockFile): readonly RuntimePackage[] => {
  const paths = shortestPaths(packages);
  return Object.entries(packages)
    .filter(([place, entry]) => place.includes('node_modules/') && !entry.link && !entry.dev)
    .map(([place, { version = '?', license = 'none' }]) => {
      const name = nameOf(place);
      return { name, version, licence: expressionOf(license), path: paths.get(place) ?? [name] };
    })
    .sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
};

const expressionOf = (license: Licence | readonly Licence[]): string =>
  [license]
    .flat()
    .map((one) => (typeof one === 'string' ? one : one.type))
    .join(' OR ');

type Packages = LockFile['packages'];

const shortestPaths = (packages: Packages): ReadonlyMap<string, readonly string[]> => {
  const paths = new Map<string, readonly string[]>();
  const waiting = Object.keys(packages['']?.dependencies ?? {}).flatMap((name) =>
    reach(packages, { from: '', name, path: [] }),
  );
  for (const { place, path } of waiting) {
    if (paths.has(place)) continue;
    paths.set(place, path);
    for (const name of needsOf(packages[place]))
      waiting.push(...reach(packages, { from: place, name, path }));
  }
  return paths;
};

const needsOf = (entry: LockEntry | undefined): readonly string[] =>
  Object.keys({
    ...entry?.dependencies,
    ...entry?.optionalDependencies,
    ...entry?.peerDependencies,
  });

/** Where Node finds `name` from there: the nearest node_modules upwards. */
const reach = (
  packages: Packages,
  need: { readonly from: string; readonly name: string; readonly path: readonly string[] },
): { place: string; path: readonly string[] }[] => {
  for (let folder = need.from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const place =
      folder === '' ? `node_modules/${need.name}` : `${folder}/node_modules/${need.name}`;
    if (place in packages) return [{ place, path: [...need.path, need.name] }];
    if (folder === '') return [];
  }
};

const nameOf = (place: string): string => place.slice(place.lastIndexOf('node_modules/') + 13);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
