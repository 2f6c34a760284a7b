import { runServer } from '@lyceum/platform';
import { payments } from './app';

void runServer(payments);
