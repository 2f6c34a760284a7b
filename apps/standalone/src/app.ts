/** What other projects start Lyceum with: the whole platform in this process, or what a command needs of it. */
export { attachOrStart, type Attachment } from './attach';
export { Complaint } from './complaint';
export { runStandalone, type StandaloneSettings } from './run-standalone';
export { startStandalone, type Standalone, type StandaloneOptions } from './start-standalone';
