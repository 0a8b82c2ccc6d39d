/** A cabinet that is not one, is cut short, lies about itself, or exceeds its bound. */
export class CabinetError extends Error {
  readonly code = 'CABINET_INVALID';

  constructor(what: string) {
    super(`The cabinet cannot be read: ${what}`);
    this.name = 'CabinetError';
  }
}
