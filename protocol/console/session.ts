/**
 * Signing in. `POST /api/session` sets an HttpOnly cookie; every other request that changes something carries the
 * session's CSRF token in `X-CSRF-Token`.
 */
import { z } from 'zod';
import { Permission, Role } from './access.ts';

export const SignIn = z.strictObject({
  userName: z.string().min(1).max(200),
  password: z.string().min(1).max(1000),
});
export type SignIn = z.infer<typeof SignIn>;

/** `GET /api/session` and the answer to signing in. */
export const Session = z.object({
  userName: z.string(),
  csrfToken: z.string(),
  /** Until it is changed, nothing else is answered. */
  mustChangePassword: z.boolean(),
  role: Role,
  permissions: z.array(Permission),
  /** Of an approver that decides for some groups alone: these and those below them. */
  limitedToGroups: z.array(z.string()).optional(),
});
export type Session = z.infer<typeof Session>;

export const SHORTEST_PASSWORD = 12;

/** `PUT /api/session/password`; ends the account's other sessions. */
export const ChangePassword = z.strictObject({
  currentPassword: z.string().min(1).max(1000),
  newPassword: z.string().min(SHORTEST_PASSWORD).max(1000),
});
export type ChangePassword = z.infer<typeof ChangePassword>;
