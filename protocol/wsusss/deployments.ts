/** GetDeployments ([MS-WSUSSS] 3.1.4.10, WSDL 6.1): target groups and approvals, for a replica. */
import type { DeploymentAction } from '../console/updates.ts';
import {
  arrayOf,
  boolean,
  complex,
  dateTime,
  guid,
  int,
  operation,
  optional,
  required,
  string,
  unsignedByte,
} from '../soap/table.ts';
import { Cookie } from '../wusp/authorization.ts';
import { ArrayOfGuid } from '../wusp/update-identity.ts';

const NAMESPACE = 'http://www.microsoft.com/SoftwareDistribution';

/** `ParentGroupId` of the group at the top is all zeros, and so reads what leaves it out. */
export const ServerSyncTargetGroup = complex('ServerSyncTargetGroup', {
  TargetGroupID: required(guid),
  ParentGroupId: required(guid),
  Name: optional(string),
  IsBuiltin: required(boolean),
});

export const ArrayOfServerSyncTargetGroup = arrayOf(
  'ArrayOfServerSyncTargetGroup',
  'ServerSyncTargetGroup',
  ServerSyncTargetGroup,
  true,
);

export const ServerSyncDeployment = complex('ServerSyncDeployment', {
  UpdateId: required(guid),
  RevisionNumber: required(int),
  Action: required(int),
  AdminName: optional(string),
  Deadline: required(dateTime),
  IsAssigned: required(boolean),
  GoLiveTime: required(dateTime),
  DeploymentGuid: required(guid),
  TargetGroupId: required(guid),
  DownloadPriority: required(unsignedByte),
});

export const ArrayOfServerSyncDeployment = arrayOf(
  'ArrayOfServerSyncDeployment',
  'ServerSyncDeployment',
  ServerSyncDeployment,
  true,
);

export const ServerSyncDeploymentResult = complex('ServerSyncDeploymentResult', {
  Anchor: optional(string),
  Groups: optional(ArrayOfServerSyncTargetGroup),
  Deployments: optional(ArrayOfServerSyncDeployment),
  DeadDeployments: optional(ArrayOfGuid),
  HiddenUpdates: optional(ArrayOfGuid),
  AcceptedEulas: optional(ArrayOfGuid),
});

export const GetDeployments = operation(
  NAMESPACE,
  'GetDeployments',
  {
    cookie: optional(Cookie),
    deploymentAnchor: optional(string),
    syncAnchor: optional(string),
  },
  {
    GetDeploymentsResult: optional(ServerSyncDeploymentResult),
  },
);

/** `Deadline` of a deployment that has none (3.1.4.10.3.5). */
export const NO_DEADLINE = '9999-12-31T23:59:59.9999999';

/** `Action` with `IsAssigned`: what is not assigned is offered, and not installed by itself. */
export interface WireAction {
  readonly Action: number;
  readonly IsAssigned: boolean;
}

/**
 * The four actions of 3.1.4.10.3.5, told apart further by `IsAssigned`: WSUS approves for optional installation as an
 * installation that is not assigned. A WSUS reads both of the last two as "not approved".
 */
const WIRE_ACTIONS: Readonly<Record<DeploymentAction, WireAction>> = {
  Install: { Action: 0, IsAssigned: true },
  OptionalInstall: { Action: 0, IsAssigned: false },
  Uninstall: { Action: 1, IsAssigned: true },
  PreDeploymentCheck: { Action: 2, IsAssigned: true },
  Block: { Action: 3, IsAssigned: true },
  NotApproved: { Action: 3, IsAssigned: false },
};

export const wireActionOf = (action: DeploymentAction): WireAction => WIRE_ACTIONS[action];

/** Undefined for an action that the specification does not name; WSUS keeps further ones for what it deploys by itself. */
export function actionOf({ Action, IsAssigned }: WireAction): DeploymentAction | undefined {
  switch (Action) {
    case 0:
      return IsAssigned ? 'Install' : 'OptionalInstall';
    case 1:
      return 'Uninstall';
    case 2:
      return 'PreDeploymentCheck';
    case 3:
      return IsAssigned ? 'Block' : 'NotApproved';
    default:
      return undefined;
  }
}
