import { recordPrivileges } from './record-privileges.consumer';
import { PrivilegeWithheldResolver } from './what-is-missing';

export const privileges = {
  resolvers: [PrivilegeWithheldResolver],
  consumers: [recordPrivileges],
} as const;
