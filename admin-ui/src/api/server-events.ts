/** `GET /api/events`: what happens on the relay while the page is open. */
import { WorkerMessage } from '../../../protocol/channel/messages.ts';

export type ServerEvent = WorkerMessage | { readonly type: 'changed' };

/** What a `progress`, `finished` or `changed` event says; undefined where it cannot be read. */
export function readServerEvent(name: string, data: string): ServerEvent | undefined {
  if (name === 'changed') return { type: 'changed' };
  try {
    const parsed = WorkerMessage.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

const NAMES = ['progress', 'finished', 'changed'] as const;
/** Milliseconds; for streams that were refused, which the browser does not open again by itself. */
const OPEN_AGAIN_AFTER = 5000;

export interface ServerListener {
  readonly onEvent: (event: ServerEvent) => void;
  /** The stream broke; it is opened again without being asked. */
  readonly onBroken: () => void;
  /** The stream is open again after it broke: events may have been missed. */
  readonly onHealed: () => void;
}

/** Listens until the function returned is called. */
export function listenToServer(listener: ServerListener): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let broken = false;
  const open = (): void => {
    source = new EventSource('/api/events');
    source.addEventListener('open', () => {
      if (broken) listener.onHealed();
      broken = false;
    });
    source.addEventListener('error', () => {
      broken = true;
      listener.onBroken();
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, OPEN_AGAIN_AFTER);
    });
    for (const name of NAMES) {
      source.addEventListener(name, (message: MessageEvent<string>) => {
        const event = readServerEvent(name, message.data);
        if (event !== undefined) listener.onEvent(event);
      });
    }
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
