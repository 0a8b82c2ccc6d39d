/** Computers and target groups. */
import { z } from 'zod';
import { PageQuery, pageOf } from './paging.ts';
import { StatusCounts, UpdateState } from './status.ts';

export const TargetGroup = z.object({
  groupId: z.string(),
  parentId: z.string().optional(),
  name: z.string(),
  isBuiltin: z.boolean(),
  /** Computers in this very group. */
  computers: z.int(),
});
export type TargetGroup = z.infer<typeof TargetGroup>;
export const TargetGroups = z.array(TargetGroup);

const GroupName = z.string().trim().min(1).max(200);

/** `POST /api/groups`. */
export const NewTargetGroup = z.strictObject({ name: GroupName, parentId: z.guid() });
/** `PATCH /api/groups/:groupId`. `DELETE` removes a group; its computers become unassigned, subgroups must be gone. */
export const TargetGroupChange = z.strictObject({
  name: GroupName.optional(),
  parentId: z.guid().optional(),
});

/** `GET /api/computers`. */
export const ComputersQuery = PageQuery.extend({
  /** Words in name, address, OS, model. */
  search: z.string().max(200).optional(),
  /** Members of the group and of its subgroups. */
  group: z.array(z.string()).optional(),
  /** Computers with at least one approved update in this state. */
  status: z.array(UpdateState).optional(),
  sort: z.enum(['name', '-name', 'lastContact', '-lastContact', 'os', '-os']).default('name'),
});
export type ComputersQuery = z.infer<typeof ComputersQuery>;

export const ComputerSummary = z.object({
  computerId: z.string(),
  dnsName: z.string(),
  ipAddress: z.string(),
  osDescription: z.string(),
  osVersion: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  clientVersion: z.string(),
  groups: z.array(z.object({ groupId: z.string(), name: z.string() })),
  lastContact: z.string(),
  lastScan: z.string().optional(),
  lastReport: z.string().optional(),
  /** Updates approved for it, by state. */
  status: StatusCounts,
});
export type ComputerSummary = z.infer<typeof ComputerSummary>;
export const ComputersPage = pageOf(ComputerSummary);
export type ComputersPage = z.infer<typeof ComputersPage>;

/** `GET /api/computers/:computerId`. */
export const ComputerDetails = ComputerSummary.extend({
  processorArchitecture: z.string(),
  requestedTargetGroup: z.string(),
  firstContact: z.string(),
  biosName: z.string().optional(),
  biosVersion: z.string().optional(),
  /** As the computer told it, a date and time without a zone. */
  biosReleaseDate: z.string().optional(),
  updates: z.array(
    z.object({
      updateId: z.string(),
      title: z.string(),
      state: UpdateState,
      errorCode: z.int().optional(),
      changedAt: z.string().optional(),
    }),
  ),
  /** The newest first, 100 at most. */
  events: z.array(
    z.object({
      eventId: z.int(),
      name: z.string(),
      updateTitle: z.string().optional(),
      hresult: z.int(),
      at: z.string(),
    }),
  ),
});
export type ComputerDetails = z.infer<typeof ComputerDetails>;

/** `PUT /api/computers/groups`: the computers are in these groups and no others; none means Unassigned Computers. */
export const GroupAssignment = z.strictObject({
  computerIds: z.array(z.string().min(1).max(100)).min(1).max(1000),
  groupIds: z.array(z.guid()).max(100),
});
export type GroupAssignment = z.infer<typeof GroupAssignment>;
