/** Who may do what: roles, each of which includes the ones before it, and the permissions that routes ask for. */
import { z } from 'zod';

export const ROLES = ['viewer', 'approver', 'operator', 'administrator'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/**
 * `read`: see everything but accounts and the audit log. `approve`: decide about updates, for some groups or all. `operate`:
 * groups, computers, synchronization, content, downstream servers. `administer`: accounts, the audit log.
 */
export const PERMISSIONS = ['read', 'approve', 'operate', 'administer'] as const;
export const Permission = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof Permission>;

/** Of a role, with those of the roles before it. */
export const permissionsOf = (role: Role): readonly Permission[] =>
  PERMISSIONS.slice(0, ROLES.indexOf(role) + 1);

/** The least role that has it. */
export const roleWith = (permission: Permission): Role =>
  ROLES[PERMISSIONS.indexOf(permission)] ?? 'administrator';
