export { database } from '../database';
export { importCommunity, SlugTaken } from './import-community';
export { importPeople } from './import-people';
export type { ImportedCommunity, ImportedPerson } from './records';
