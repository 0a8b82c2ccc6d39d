/** What is said of a signature for people, and what to do about it. */
import type { SignatureVerdict } from '../../../protocol/console/content.ts';

interface VerdictText {
  readonly word: string;
  /** A sentence or two. */
  readonly advice: string;
}

type Verdicts = Readonly<Record<SignatureVerdict, VerdictText>>;

const ALTERED =
  'The bytes are those that the catalogue names, so fetching them again changes nothing. Ask whoever publishes the update, and decline it meanwhile.';
const ROOTS =
  'Where you trust the publisher, add its root certificate to content.signatureRoots; docs/content.md names those of Microsoft.';
const CERTIFICATE =
  'The publisher’s certificates are at fault. Ask whoever publishes the update, and decline it meanwhile.';

const en: Verdicts = {
  TRUSTED: { word: 'Trusted', advice: 'Nothing is to be done.' },
  NOT_SIGNED: {
    word: 'Not signed',
    advice:
      'Microsoft signs programs, cabinets and packages. Ask whoever publishes the update why this one is not, or decline it.',
  },
  UNSUPPORTED: {
    word: 'None to read',
    advice:
      'Newer MSU files are Windows images without such a signature. To have them served, record signatures instead of requiring them.',
  },
  DIGEST_MISMATCH: { word: 'Another file was signed', advice: ALTERED },
  SIGNATURE_INVALID: { word: 'Signature invalid', advice: ALTERED },
  WEAK_DIGEST: {
    word: 'Weak digest',
    advice:
      'Files from before 2016 are signed by SHA-1 alone. To believe them, set content.signatureSha1 to accepted; MD5 never is.',
  },
  TIMESTAMP_INVALID: { word: 'Timestamp invalid', advice: ALTERED },
  TIMESTAMP_IN_FUTURE: {
    word: 'Timestamp in the future',
    advice: 'Look at the clock of this relay, then judge the file again.',
  },
  ROOT_UNKNOWN: { word: 'Root not known', advice: ROOTS },
  ISSUER_MISSING: { word: 'Issuer missing', advice: ROOTS },
  NOT_FOR_CODE_SIGNING: { word: 'Not for signing code', advice: CERTIFICATE },
  NOT_FOR_TIMESTAMPING: { word: 'Not for timestamps', advice: CERTIFICATE },
  NOT_YET_VALID: {
    word: 'Not valid yet',
    advice: 'Look at the clock of this relay. If it is right, the publisher’s certificate is at fault.',
  },
  EXPIRED: {
    word: 'Expired',
    advice: 'It has no timestamp from when its certificate was valid. Ask whoever publishes the update.',
  },
  NOT_AN_AUTHORITY: { word: 'Issuer is no authority', advice: CERTIFICATE },
  PATH_TOO_LONG: { word: 'Chain too long', advice: CERTIFICATE },
  EXTENSION_UNKNOWN: { word: 'Extension not known', advice: CERTIFICATE },
  CERTIFICATE_UNREADABLE: { word: 'Certificate not readable', advice: CERTIFICATE },
  WEAK_KEY: { word: 'Weak key', advice: CERTIFICATE },
  WEAK_SIGNATURE: { word: 'Weak certificate', advice: CERTIFICATE },
  CONTAINER_DAMAGED: { word: 'File damaged', advice: ALTERED },
  SIGNATURE_MISPLACED: { word: 'Signature misplaced', advice: ALTERED },
  SIGNATURE_DAMAGED: { word: 'Signature damaged', advice: ALTERED },
  DIGEST_UNKNOWN: { word: 'Digest not known', advice: ALTERED },
  FILE_CHANGED: {
    word: 'Changed while it was read',
    advice: 'Judge it again. If it happens again, look which program writes below the data directory.',
  },
};

const ALTERED_KO =
  '데이터가 카탈로그의 값과 같으므로 다시 가져와도 달라지지 않습니다. 업데이트 게시자에게 문의하고, 그동안 업데이트를 거부하십시오.';
const ROOTS_KO =
  '게시자를 신뢰한다면 게시자의 루트 인증서를 content.signatureRoots에 추가하십시오. Microsoft의 루트 인증서는 docs/content.md에 있습니다.';
const CERTIFICATE_KO =
  '게시자의 인증서에 문제가 있습니다. 업데이트 게시자에게 문의하고, 그동안 업데이트를 거부하십시오.';

const ko: Verdicts = {
  TRUSTED: { word: '신뢰함', advice: '필요한 조치가 없습니다.' },
  NOT_SIGNED: {
    word: '서명되지 않음',
    advice:
      'Microsoft는 프로그램, 캐비닛, 패키지에 서명합니다. 이 파일에 서명이 없는 이유를 게시자에게 문의하거나 업데이트를 거부하십시오.',
  },
  UNSUPPORTED: {
    word: '읽을 서명 없음',
    advice:
      '최신 MSU 파일은 이런 서명이 없는 Windows 이미지입니다. 제공하려면 서명을 필수로 하지 말고 기록만 하도록 설정하십시오.',
  },
  DIGEST_MISMATCH: { word: '다른 파일의 서명', advice: ALTERED_KO },
  SIGNATURE_INVALID: { word: '잘못된 서명', advice: ALTERED_KO },
  WEAK_DIGEST: {
    word: '약한 다이제스트',
    advice:
      '2016년 이전의 파일은 SHA-1로만 서명되어 있습니다. 신뢰하려면 content.signatureSha1을 accepted로 설정하십시오. MD5는 항상 거부합니다.',
  },
  TIMESTAMP_INVALID: { word: '잘못된 타임스탬프', advice: ALTERED_KO },
  TIMESTAMP_IN_FUTURE: {
    word: '미래의 타임스탬프',
    advice: '이 릴레이의 시계를 확인한 후 파일을 다시 판정하십시오.',
  },
  ROOT_UNKNOWN: { word: '알 수 없는 루트', advice: ROOTS_KO },
  ISSUER_MISSING: { word: '발급자 없음', advice: ROOTS_KO },
  NOT_FOR_CODE_SIGNING: { word: '코드 서명용이 아님', advice: CERTIFICATE_KO },
  NOT_FOR_TIMESTAMPING: { word: '타임스탬프용이 아님', advice: CERTIFICATE_KO },
  NOT_YET_VALID: {
    word: '아직 유효하지 않음',
    advice: '이 릴레이의 시계를 확인하십시오. 시계가 맞으면 게시자의 인증서에 문제가 있습니다.',
  },
  EXPIRED: {
    word: '만료됨',
    advice: '인증서가 유효했던 시점의 타임스탬프가 없습니다. 업데이트 게시자에게 문의하십시오.',
  },
  NOT_AN_AUTHORITY: { word: '발급자가 인증 기관이 아님', advice: CERTIFICATE_KO },
  PATH_TOO_LONG: { word: '너무 긴 인증서 체인', advice: CERTIFICATE_KO },
  EXTENSION_UNKNOWN: { word: '알 수 없는 확장', advice: CERTIFICATE_KO },
  CERTIFICATE_UNREADABLE: { word: '읽을 수 없는 인증서', advice: CERTIFICATE_KO },
  WEAK_KEY: { word: '약한 키', advice: CERTIFICATE_KO },
  WEAK_SIGNATURE: { word: '약한 인증서', advice: CERTIFICATE_KO },
  CONTAINER_DAMAGED: { word: '손상된 파일', advice: ALTERED_KO },
  SIGNATURE_MISPLACED: { word: '잘못된 위치의 서명', advice: ALTERED_KO },
  SIGNATURE_DAMAGED: { word: '손상된 서명', advice: ALTERED_KO },
  DIGEST_UNKNOWN: { word: '알 수 없는 다이제스트', advice: ALTERED_KO },
  FILE_CHANGED: {
    word: '읽는 동안 변경됨',
    advice: '다시 판정하십시오. 또 발생하면 데이터 디렉터리에 쓰는 다른 프로그램이 있는지 확인하십시오.',
  },
};

/** A part of those of `texts.ts`. */
export const texts = { en, ko };
