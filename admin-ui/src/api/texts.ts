/** Sentences for calls that failed, by the stable code of the problem. */
interface Texts {
  /** Of a problem that a user of the console can meet; without one, the relay's own sentence is shown, in English. */
  readonly problems: Readonly<Record<string, string | undefined>>;
  readonly unknown: string;
}

const en: Texts = {
  // The relay's own sentences are English, and say more: they name the values.
  problems: {},
  unknown: 'Something failed that has no description.',
};

const ko: Texts = {
  problems: {
    NOT_PERMITTED: '이 작업에 필요한 역할이 없습니다. 이 릴레이의 관리자에게 문의하십시오.',
    GROUP_NOT_PERMITTED: '담당하지 않는 그룹이 포함되어 있습니다. 그 그룹을 빼거나 관리자에게 문의하십시오.',
    USER_UNKNOWN: '이 사용자는 더 이상 없습니다. 목록을 새로 고치십시오.',
    USER_NAME_TAKEN: '같은 이름의 사용자가 이미 있습니다. 다른 이름을 사용하십시오.',
    LAST_ADMINISTRATOR: '다른 관리자가 없습니다. 먼저 다른 사용자를 관리자로 지정하십시오.',
    LIMIT_NOT_APPROVER: '그룹 제한은 승인자에게만 지정할 수 있습니다.',
    BODIES_TOO_MANY: '릴레이가 지금 너무 많은 요청을 처리하고 있습니다. 잠시 후 다시 시도하십시오.',
    BODY_TOO_LARGE: '요청이 너무 큽니다. 한 번에 더 적은 항목을 선택하십시오.',
    CATEGORY_UNKNOWN: '선택한 제품 또는 분류가 더 이상 없습니다. 페이지를 새로 고친 후 다시 선택하십시오.',
    COMPUTERS_TOO_MANY: '한 번에 처리할 수 있는 컴퓨터 수를 초과했습니다. 더 적은 컴퓨터를 선택하십시오.',
    COMPUTER_UNKNOWN: '이 컴퓨터는 더 이상 등록되어 있지 않습니다. 목록을 새로 고치십시오.',
    CONNECTION_LOST:
      '릴레이가 응답하지 않았습니다. 변경 내용이 적용되었는지는 알 수 없으며, 연결이 복구되면 표시됩니다.',
    CONTENT_FILE_UNKNOWN: '이 콘텐츠 파일을 찾을 수 없습니다. 목록을 새로 고치십시오.',
    CONTENT_NOT_STORED:
      '이 릴레이는 콘텐츠를 저장하지 않으므로(content.store: none) 가져올 파일이 없습니다. approved 또는 all로 설정한 후 릴레이를 다시 시작하십시오.',
    CSRF_TOKEN_WRONG: '이 페이지가 현재 세션의 것이 아닙니다. 페이지를 새로 고친 후 다시 시도하십시오.',
    CURSOR_INVALID: '목록의 위치를 더 이상 사용할 수 없습니다. 목록을 처음부터 다시 여십시오.',
    DATABASE_BUSY: '데이터베이스가 다른 작업을 처리하고 있습니다. 잠시 후 다시 시도하십시오.',
    DEADLINE_NOT_ALLOWED: '이 작업에는 기한을 지정할 수 없습니다. 기한은 설치와 제거에만 지정할 수 있습니다.',
    DECISION_TOO_LARGE: '한 번에 결정할 수 있는 범위를 초과했습니다. 더 적은 업데이트나 그룹을 선택하십시오.',
    DOWNSTREAM_SERVER_UNKNOWN: '이 다운스트림 서버는 더 이상 등록되어 있지 않습니다. 목록을 새로 고치십시오.',
    EDIT_OUTDATED:
      '그동안 다른 사용자가 변경했습니다. 변경된 내용은 저장되지 않았으니 현재 내용을 확인한 후 다시 시도하십시오.',
    EDIT_WITHOUT_VERSION: '무엇을 변경하는지 알 수 없습니다. 페이지를 새로 고친 후 다시 시도하십시오.',
    EULA_NOT_ACCEPTED: '사용 조건에 동의해야 승인할 수 있습니다.',
    GROUPS_TOO_MANY: '그룹이 너무 많습니다. 필요 없는 그룹을 먼저 삭제하십시오.',
    GROUP_BUILTIN: '기본 제공 그룹은 변경하거나 삭제할 수 없습니다.',
    GROUP_CYCLE: '그룹을 자기 자신이나 하위 그룹 아래로 이동할 수 없습니다.',
    GROUP_NAME_TAKEN: '같은 이름의 그룹이 이미 있습니다. 다른 이름을 입력하십시오.',
    GROUP_NOT_ASSIGNABLE:
      '기본 제공 그룹에는 컴퓨터가 자동으로 속합니다. 다른 그룹을 선택하거나, 할당을 해제하려면 아무 그룹도 선택하지 마십시오.',
    GROUP_NOT_EMPTY: '하위 그룹이 있는 그룹은 삭제할 수 없습니다. 하위 그룹을 먼저 삭제하거나 이동하십시오.',
    GROUP_PARENT: '이 그룹 아래에는 그룹을 둘 수 없습니다. 다른 상위 그룹을 선택하십시오.',
    GROUP_TOO_DEEP: '그룹 단계가 너무 깊습니다. 더 위에 있는 그룹을 선택하십시오.',
    GROUP_UNKNOWN: '이 그룹은 더 이상 없습니다. 페이지를 새로 고치십시오.',
    INTERNAL_ERROR: '릴레이에서 예기치 않은 오류가 발생했습니다. 자세한 내용은 릴레이의 로그를 확인하십시오.',
    NOT_SIGNED_IN: '로그인되어 있지 않습니다. 다시 로그인하십시오.',
    ORIGIN_FOREIGN: '요청이 이 콘솔의 주소에서 오지 않아 거부되었습니다. 콘솔의 주소로 직접 접속하십시오.',
    PASSWORD_MUST_CHANGE: '먼저 암호를 변경해야 합니다.',
    PASSWORD_UNCHANGED: '새 암호가 현재 암호와 같습니다. 다른 암호를 입력하십시오.',
    PASSWORD_WRONG: '현재 암호가 올바르지 않습니다.',
    QUARANTINE_EMPTY: '이 파일은 격리에 남아 있는 데이터가 없습니다.',
    REPLICA_READ_ONLY: '이 릴레이는 복제본입니다. 업스트림 서버에서 결정하십시오.',
    SCHEMA_MISMATCH: '입력한 값이 올바르지 않습니다. 표시된 값을 수정하십시오.',
    SIGN_IN_BUSY: '로그인 요청이 너무 많습니다. 잠시 후 다시 시도하십시오.',
    SIGN_IN_FAILED: '사용자 이름 또는 암호가 올바르지 않습니다.',
    SIGN_IN_LOCKED: '로그인에 여러 번 실패하여 잠시 잠겼습니다. 나중에 다시 시도하십시오.',
    SYNC_NOT_RUNNING: '진행 중인 동기화가 없습니다.',
    SYNC_NO_UPSTREAM: '업스트림 서버가 설정되어 있지 않습니다. 구성 파일에서 먼저 설정하십시오.',
    TOO_MANY_STREAMS: '열려 있는 콘솔 페이지가 너무 많습니다. 사용하지 않는 페이지를 닫으십시오.',
    UNDO_OUTDATED:
      '그 후에 다른 결정이 내려져 아무것도 되돌리지 않았습니다. 업데이트를 확인한 후 새로 결정하십시오.',
    UNDO_UNKNOWN:
      '이 결정은 더 이상 되돌릴 수 없습니다. 15분이 지났거나, 이미 되돌렸거나, 본인의 결정이 아닙니다. 새로 결정하십시오.',
    UNREADABLE_ANSWER:
      '릴레이의 응답을 읽을 수 없습니다. 페이지를 새로 고치십시오. 릴레이가 업데이트되었을 수 있습니다.',
    UPDATE_EXPIRED: '게시자가 철회한 업데이트는 설치를 승인할 수 없습니다. 선택에서 제외하거나 거부하십시오.',
    UPDATE_NOT_DEPLOYABLE: '이 업데이트는 다른 업데이트의 일부이므로 직접 승인할 수 없습니다.',
    UPDATE_NOT_REMOVABLE: '한번 설치하면 제거할 수 없는 업데이트가 있습니다. 선택에서 제외하십시오.',
    UPDATE_UNKNOWN: '이 업데이트는 더 이상 없습니다. 목록을 새로 고치십시오.',
  },
  unknown: '설명이 없는 오류가 발생했습니다.',
};

export type ErrorTexts = Texts;
export const texts = { en, ko };
