/** Texts of target groups. */
import { countOf, formatCount, isOne } from '../format/amounts.ts';

const en = {
  title: 'Groups',
  count: (groups: number) => countOf(groups, 'group'),
  newGroup: 'New group…',
  replica: 'Groups are decided there, and taken over with each synchronization.',
  replicaHere: 'Which computers are in them is decided here, on the page Computers.',
  reading: 'Reading the groups',
  notRead: 'The groups could not be read.',
  builtIn: 'Built in',
  computersIn: (computers: number) => countOf(computers, 'computer'),

  actionsFor: (group: string) => `Actions for ${group}`,
  newBelow: 'New group below…',
  rename: 'Rename…',
  move: 'Move…',
  delete: 'Delete…',
  subgroupsFirst: 'subgroups first',

  newTitle: 'New group',
  newBelowOf: (group: string) => `Below ${group}: it inherits what is approved there.`,
  create: 'Create',
  created: (group: string) => `Created ${group}`,
  renameTitle: (group: string) => `Rename ${group}`,
  renameMeans:
    'Computers that ask for a group by name in their policy ask for the old name until it is changed there too.',
  doRename: 'Rename',
  deleteTitle: (group: string) => `Delete ${group}`,
  doDelete: 'Delete',
  deleteMeans: (computers: number) =>
    `Its ${countOf(computers, 'computer')} that ${isOne(computers) ? 'is' : 'are'} in no other group become unassigned, and what is approved for the group itself goes away. This cannot be taken back.`,
  deleted: (group: string) => `Deleted ${group}`,
  moveTitle: (group: string) => `Move ${group}`,
  moveMeans:
    'What it inherits changes with the group above; what is approved for it and for those below it stays.',
  groupAbove: 'Group above',
  notMoved: 'The group was not moved.',
  doMove: 'Move',
  name: 'Name',
  nothingChanged: 'Nothing was changed.',
  cancel: 'Cancel',
};

const ko: typeof en = {
  title: '그룹',
  count: (groups) => `${formatCount(groups)}개`,
  newGroup: '새 그룹…',
  replica: '그룹은 그 서버에서 결정하며, 동기화할 때마다 그대로 가져옵니다.',
  replicaHere: '그룹에 속할 컴퓨터는 이 릴레이의 컴퓨터 페이지에서 결정합니다.',
  reading: '그룹을 읽는 중',
  notRead: '그룹을 읽지 못했습니다.',
  builtIn: '기본 제공',
  computersIn: (computers) => `컴퓨터 ${formatCount(computers)}대`,

  actionsFor: (group) => `${group} 작업`,
  newBelow: '하위 그룹 만들기…',
  rename: '이름 바꾸기…',
  move: '이동…',
  delete: '삭제…',
  subgroupsFirst: '하위 그룹 먼저',

  newTitle: '새 그룹',
  newBelowOf: (group) => `${group}의 하위 그룹이며, 상위 그룹의 승인을 상속합니다.`,
  create: '만들기',
  created: (group) => `${group} 그룹을 만들었습니다`,
  renameTitle: (group) => `${group} 이름 바꾸기`,
  renameMeans: '정책에서 이름으로 그룹을 요청하는 컴퓨터는 정책의 이름도 바꿀 때까지 이전 이름을 요청합니다.',
  doRename: '이름 바꾸기',
  deleteTitle: (group) => `${group} 삭제`,
  doDelete: '삭제',
  deleteMeans: (computers) =>
    `이 그룹의 컴퓨터 ${formatCount(computers)}대 중 다른 그룹에 속하지 않은 컴퓨터는 할당되지 않은 상태가 되고, 이 그룹 자체의 승인은 없어집니다. 이 작업은 되돌릴 수 없습니다.`,
  deleted: (group) => `${group} 그룹을 삭제했습니다`,
  moveTitle: (group) => `${group} 이동`,
  moveMeans: '상속하는 내용은 상위 그룹에 따라 바뀌며, 이 그룹과 하위 그룹의 승인은 그대로 유지됩니다.',
  groupAbove: '상위 그룹',
  notMoved: '그룹을 이동하지 못했습니다.',
  doMove: '이동',
  name: '이름',
  nothingChanged: '변경된 내용이 없습니다.',
  cancel: '취소',
};

export const texts = { en, ko };
