import { runWorker } from '@lyceum/platform';
import { reputation } from './app';

void runWorker(reputation);
