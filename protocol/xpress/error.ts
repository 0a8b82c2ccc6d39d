/** Bytes that are no xpress stream, or more of them than is allowed. */
export class XpressError extends Error {
  readonly code: 'XPRESS_DAMAGED' | 'XPRESS_TOO_LARGE';

  constructor(code: XpressError['code'], message: string) {
    super(message);
    this.name = 'XpressError';
    this.code = code;
  }
}
