export { allChecks, runChecks, type CheckResult, type Databases } from './run-checks';
export { databaseNames, type Check, type Finding, type Findings } from './check';
export { Complaint, openInstallation, type Installation } from './installation';
