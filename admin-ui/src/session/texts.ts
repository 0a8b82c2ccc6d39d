/** Texts of signing in, of the first password, and of the user's menu. */
const en = {
  product: 'Sluice',
  loading: 'Loading',
  notRead: 'The session could not be read.',

  signInTo: 'Sign in to Sluice',
  userName: 'User name',
  password: 'Password',
  signIn: 'Sign in',
  firstTime:
    'First time here? The relay printed the first account and its one-time password when it started.',

  choosePassword: 'Choose a password',
  oneTime: (userName: string) =>
    `Hello ${userName}. The password you signed in with was good for one time; the console opens once you have your own.`,
  currentPassword: 'Current password',
  newPassword: 'New password',
  newPasswordAgain: 'New password again',
  atLeast: (characters: number) => `At least ${characters} characters.`,
  moreCharacters: (characters: number) => `${characters} more characters, please.`,
  samePassword: 'This is the password that is to be replaced.',
  notTheSame: 'Not the same as above.',
  changePassword: 'Change password',

  accountOf: (userName: string) => `Account of ${userName}`,
  signOut: 'Sign out',
  stillSignedIn: 'You are still signed in.',
};

const ko: typeof en = {
  product: 'Sluice',
  loading: '불러오는 중',
  notRead: '세션을 읽지 못했습니다.',

  signInTo: 'Sluice에 로그인',
  userName: '사용자 이름',
  password: '암호',
  signIn: '로그인',
  firstTime: '처음이십니까? 릴레이가 시작할 때 첫 계정과 일회용 암호를 출력했습니다.',

  choosePassword: '암호 설정',
  oneTime: (userName) =>
    `${userName} 님, 로그인에 사용한 암호는 한 번만 쓸 수 있습니다. 새 암호를 설정하면 콘솔이 열립니다.`,
  currentPassword: '현재 암호',
  newPassword: '새 암호',
  newPasswordAgain: '새 암호 확인',
  atLeast: (characters) => `${characters}자 이상이어야 합니다.`,
  moreCharacters: (characters) => `${characters}자를 더 입력하십시오.`,
  samePassword: '현재 암호와 같습니다. 다른 암호를 입력하십시오.',
  notTheSame: '위에 입력한 암호와 다릅니다.',
  changePassword: '암호 변경',

  accountOf: (userName) => `${userName} 계정`,
  signOut: '로그아웃',
  stillSignedIn: '아직 로그인되어 있습니다.',
};

export type PasswordFaultTexts = Pick<typeof en, 'moreCharacters' | 'samePassword' | 'notTheSame'>;

export const texts = { en, ko };
