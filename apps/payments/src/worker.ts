import { runWorker } from '@lyceum/platform';
import { payments } from './app';

void runWorker(payments);
