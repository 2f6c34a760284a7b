/** What other projects start Lyceum with: the whole platform in this process, or what a command needs of it. */
export { attachOrStart, type Attachment } from './attach';
export { Complaint } from './complaint';
export type { ImportDemo } from './demo';
export { runServices, type ServicesSettings } from './run-services';
export { runStandalone, type StandaloneSettings } from './run-standalone';
export { startServices, type RunningServices, type ServicesOptions } from './start-services';
export { startStandalone, type Standalone, type StandaloneOptions } from './start-standalone';
