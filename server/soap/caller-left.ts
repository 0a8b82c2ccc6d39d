/** The caller closed the connection before its answer was made: there is nobody to make it for. */
export class CallerLeft extends Error {
  readonly code = 'CALLER_LEFT';

  constructor() {
    super('The caller closed the connection before its answer was made.');
    this.name = 'CallerLeft';
  }
}
