/** GetDeployments ([MS-WSUSSS] 3.1.4.10): target groups, approvals, declines and accepted terms, for a replica. */
import { isGuid } from '../../protocol/guid.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import { GetDeployments } from '../../protocol/wsusss/deployments.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import {
  acceptedEulas,
  decisionsAfter,
  declinedUpdates,
  isPointKnown,
  issuePoint,
} from '../../catalog/store/downstream/decisions-for-replicas.ts';
import { wireDeployment, wireGroup } from '../../catalog/store/downstream/decisions-on-the-wire.ts';
import { latestPoint } from '../../catalog/store/downstream/downstream.ts';
import { GroupTree } from '../../catalog/store/groups/group-tree.ts';
import { durably } from '../soap/durably.ts';
import { implement } from '../soap/implementation.ts';
import { formatAnchor, readAnchor } from './anchor.ts';
import type { DownstreamParts } from './context.ts';
import { openSession } from './session.ts';

export const getDeployments = ({ commits, db, cookies, now }: DownstreamParts) =>
  implement(GetDeployments, async ({ cookie, deploymentAnchor, syncAnchor }) => {
    openSession(cookies, cookie);
    // What the anchor says was told is noted with the answer itself: one transaction, so that both are of one moment.
    const told = await durably({ commits }, () => {
      const imported = importedUpTo(db, syncAnchor);
      const changes = decisionsAfter(db, toldUpTo(db, deploymentAnchor), imported);
      return {
        ...changes,
        point: issuePoint(db, changes.sequence, now()),
        groups: GroupTree.read(db).groups,
        declined: declinedUpdates(db),
        eulas: acceptedEulas(db),
      };
    });
    return {
      GetDeploymentsResult: {
        Anchor: formatAnchor(told.point.sequence, told.point.issuedAt),
        Groups: told.groups.map(wireGroup),
        Deployments: told.deployments.map(wireDeployment),
        DeadDeployments: told.dead,
        HiddenUpdates: told.declined,
        // Microsoft's are guids all; the type has room for no other.
        AcceptedEulas: told.eulas.filter(isGuid),
      },
    };
  });

/** @throws SoapFault InvalidParameters; ServerChanged where the catalogue never was so far */
function importedUpTo(db: Database, syncAnchor: string | undefined): number {
  if (syncAnchor === undefined || syncAnchor === '') throw new SoapFault('InvalidParameters', 'syncAnchor');
  const { counter } = readAnchor(syncAnchor, 'syncAnchor');
  if (counter > (latestPoint(db)?.sequence ?? 0)) throw new SoapFault('ServerChanged', 'syncAnchor');
  return counter;
}

/**
 * 0 for a replica that is to be told everything. One whose anchor is not of this database's history is sent back to
 * begin anew: it has to know that what it holds and is not told again is gone, which an answer cannot say.
 *
 * @throws SoapFault InvalidParameters, ServerChanged
 */
function toldUpTo(db: Database, deploymentAnchor: string | undefined): number {
  if (deploymentAnchor === undefined || deploymentAnchor === '') return 0;
  const { counter, at } = readAnchor(deploymentAnchor, 'deploymentAnchor');
  if (!isPointKnown(db, { sequence: counter, issuedAt: at }))
    throw new SoapFault('ServerChanged', 'deploymentAnchor');
  return counter;
}
