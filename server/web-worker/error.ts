/** A web worker did not come to listen when the server started. */
export class WebWorkerError extends Error {
  readonly code = 'WEB_WORKER_FAILED';

  constructor(message: string) {
    super(message);
    this.name = 'WebWorkerError';
  }
}
