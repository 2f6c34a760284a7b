export { database } from '../database';
export { importTags } from './import-tags';
export { importAnswers, importQuestions } from './import-posts';
export { importComments } from './import-comments';
export { importVotes } from './import-votes';
export { importLinks } from './import-links';
export { importEdits } from './import-edits';
export type * from './records';
