export { allChecks, runChecks, type CheckResult, type Databases } from './run-checks';
export { databaseNames, type Check, type DatabaseName, type Finding, type Findings } from './check';
