/** The console's accounts, for administrators. */
import { z } from 'zod';
import { Role } from './access.ts';

export const UserName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]+$/u);

export const User = z.object({
  accountId: z.int(),
  userName: z.string(),
  role: Role,
  isDisabled: z.boolean(),
  /** Until it is changed at the next sign-in, the password is the one that was made for one use. */
  mustChangePassword: z.boolean(),
  /** Of an approver: the groups for which, with those below them, it may decide; absent: for all. */
  limitedToGroups: z.array(z.object({ groupId: z.string(), name: z.string() })).optional(),
  createdAt: z.string().optional(),
  /** Sessions that are open. */
  sessions: z.int(),
});
export type User = z.infer<typeof User>;
export const Users = z.array(User);

const GroupLimit = z.array(z.guid().toLowerCase()).max(200);

/** `POST /api/users`. */
export const NewUser = z.strictObject({
  userName: UserName,
  role: Role,
  /** Only for an approver. */
  limitedToGroups: GroupLimit.optional(),
});
export type NewUser = z.infer<typeof NewUser>;

/** The one-time password is shown here and kept nowhere. */
export const OneTimePassword = z.object({ user: User, oneTimePassword: z.string() });
export type OneTimePassword = z.infer<typeof OneTimePassword>;

/** `PATCH /api/users/:accountId`. What is left out stays; `limitedToGroups: null` takes a limit away. */
export const UserChange = z.strictObject({
  role: Role.optional(),
  isDisabled: z.boolean().optional(),
  limitedToGroups: GroupLimit.nullable().optional(),
});
export type UserChange = z.infer<typeof UserChange>;
