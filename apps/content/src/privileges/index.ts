import { recordPrivileges } from './record-privileges.consumer';

export { PrivilegeWithheld, withheld } from './privilege-withheld';
export const privileges = { consumers: [recordPrivileges] } as const;
