import { runServer } from '@lyceum/platform';
import { content } from './app';

void runServer(content);
