// Runs before anything else and on Nodes that are too old, so it uses nothing that those lack.
const wanted = [20, 19, 0];
const found = process.versions.node.split('.').map(Number);
const difference = wanted.map((part, index) => found[index] - part).find((part) => part !== 0);

if (difference < 0) {
  process.stderr.write(
    `Lyceum needs Node ${wanted.join('.')} or newer; this is ${process.versions.node}. See nodejs.org.\n`,
  );
  process.exit(1);
}
