import { runWorker } from '@lyceum/platform';
import { content } from './app';

void runWorker(content);
