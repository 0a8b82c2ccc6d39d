/** Deciding about updates, seeing beforehand what it means, and taking it back. */
import {
  planApproval,
  planDecline,
  type Approval,
  type DecisionPlan,
} from '../../catalog/store/decisions/decision-plan.ts';
import { previewPlan } from '../../catalog/store/decisions/decision-preview.ts';
import {
  approve,
  decline,
  undoDecision,
  type Decider,
  type Decision,
} from '../../catalog/store/decisions/deployments.ts';
import { isInstallation } from '../../catalog/store/decisions/own-decisions.ts';
import { licenceTermsOf, wantTexts } from '../../catalog/store/decisions/licence-terms.ts';
import type { JsonValue } from '../../catalog/store/audit/audit-log.ts';
import type { ConsoleSession } from '../../catalog/store/access/console-sessions.ts';
import type { ApprovalRequest, DecisionPreview } from '../../protocol/console/approvals.ts';
import type { ConsoleContext } from './context.ts';
import { decisionsInWords, groupNames, updateIdsOf, updateSubjects } from './decision-words.ts';
import { refuseBeyondLimit, refuseLimited } from './group-limit.ts';
import { changing, signedIn, type Outcome, type SomeHandlers } from './handlers.ts';
import { readLicenceText } from './licence-text.ts';
import { UndoShelf } from './undo-shelf.ts';

const TEXT_NOT_HERE =
  'The text of these terms is being fetched from the upstream server. Look again in a moment.';

export function decisionRoutes(
  context: ConsoleContext,
): SomeHandlers<'approve' | 'previewApproval' | 'undoDecision' | 'decline' | 'previewDecline'> {
  const { db, config, log, sync, now } = context;
  const storesContent = config.content.store !== 'none';
  const selection = config.content;
  const shelf = new UndoShelf(now);

  const deciderOf = ({ userName }: ConsoleSession): Decider => ({
    adminName: userName,
    now: now(),
    storesContent,
    selection,
  });

  const told = (
    session: ConsoleSession,
    action: string,
    { updateIds, after }: { readonly updateIds: readonly string[]; readonly after: JsonValue },
    decide: () => Decision,
  ): Outcome<'approve' | 'decline'> => {
    const before = decisionsInWords(db, updateIds);
    const decision = decide();
    log.info('Decided about updates', { userName: session.userName, action, changed: decision.changed });
    return {
      answer: { changed: decision.changed, undoToken: shelf.put(session.accountId, decision.undo) },
      change:
        decision.changed === 0
          ? undefined
          : { action, subjects: updateSubjects(db, updateIds), before, after },
      afterwards: () => {
        if (decision.wantedFiles > 0) sync.send({ type: 'content-wanted' });
      },
    };
  };

  const preview = (plan: DecisionPlan, action: string): DecisionPreview => ({
    ...previewPlan(db, plan, { now: now(), storesContent, selection }),
    eulas: isInstallation(action) ? openTerms(context, plan) : [],
  });

  return {
    approve: changing('approve', ({ body, session }) => {
      refuseBeyondLimit(db, session, body.groupIds);
      const after = {
        action: body.action,
        groups: groupNames(db, body.groupIds),
        deadline: body.deadline,
        acceptedEulas: body.acceptEulaIds.length,
      };
      return told(session, 'update.approve', { updateIds: body.updateIds, after }, () =>
        approve(db, approvalOf(body), deciderOf(session)),
      );
    }),
    previewApproval: signedIn('previewApproval', ({ body }) =>
      preview(planApproval(db, approvalOf(body)), body.action),
    ),
    decline: changing('decline', ({ body, session }) => {
      refuseLimited(session);
      return told(session, 'update.decline', { updateIds: body.updateIds, after: { isDeclined: true } }, () =>
        decline(db, body.updateIds, deciderOf(session)),
      );
    }),
    previewDecline: signedIn('previewDecline', ({ body }) =>
      preview(planDecline(db, body.updateIds), 'Decline'),
    ),
    undoDecision: changing('undoDecision', ({ body, session }) => {
      const undo = shelf.take(session.accountId, body.undoToken);
      const updateIds = updateIdsOf(undo);
      const before = decisionsInWords(db, updateIds);
      const { changed, wantedFiles } = undoDecision(db, undo, deciderOf(session));
      log.info('Took a decision about updates back', { userName: session.userName, changed });
      return {
        answer: { changed },
        change: {
          action: 'decision.undo',
          subjects: updateSubjects(db, updateIds),
          before,
          after: decisionsInWords(db, updateIds),
        },
        afterwards: () => {
          if (wantedFiles > 0) sync.send({ type: 'content-wanted' });
        },
      };
    }),
  };
}

const approvalOf = (body: ApprovalRequest): Approval => ({
  updateIds: body.updateIds,
  groupIds: body.groupIds,
  action: body.action,
  acceptEulaIds: body.acceptEulaIds,
  ...(body.deadline === undefined ? {} : { deadline: new Date(body.deadline) }),
});

/** Terms that stand between the updates and their installation; texts that are not here are sent for. */
function openTerms({ db, config, sync, now }: ConsoleContext, plan: DecisionPlan): DecisionPreview['eulas'] {
  const withTerms = plan.updates.filter(({ openEulaIds }) => openEulaIds.length > 0);
  const open = licenceTermsOf(
    db,
    withTerms.map(({ revisionId }) => revisionId),
  ).filter(({ isAccepted }) => !isAccepted);
  if (wantTexts(db, open, now()) > 0) sync.send({ type: 'content-wanted' });
  return open.map((terms) => ({
    eulaId: terms.eulaId,
    updateTitle: terms.updateTitle,
    text: readLicenceText(config.dataDirectory, terms) ?? TEXT_NOT_HERE,
  }));
}
