import { runServer } from '@lyceum/platform';
import { reputation } from './app';

void runServer(reputation);
