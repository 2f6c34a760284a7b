import { prepare } from './prepare.mjs';
import { fail, say } from './terminal.mjs';

prepare().then((built) => {
  if (built === 0) say('  Everything is built.');
}, fail);
