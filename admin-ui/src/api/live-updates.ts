/** Keeps what is on the page as it is on the relay. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../../protocol/console/api.ts';
import { consoleApi } from './console-api.ts';
import { listenToServer, type ServerEvent } from './server-events.ts';
import { setProgress } from './sync-progress.ts';

/** A fleet that reports changes something every second; the page follows every three. */
const READ_AGAIN_AFTER = 3000;

export function useLiveUpdates(): void {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const readAgain = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
      }, READ_AGAIN_AFTER);
    };
    const onEvent = (event: ServerEvent): void => {
      if (event.type === 'progress') {
        setProgress(event);
        return;
      }
      if (event.type === 'finished') {
        setProgress(undefined);
        void client.invalidateQueries({ queryKey: ['synchronization'] });
      }
      readAgain();
    };
    // The probe tells a lost relay from an ended session, and both are shown.
    const probe = (): void => void consoleApi.call(api.session).catch(() => undefined);
    const stop = listenToServer({ onEvent, onBroken: probe, onHealed: readAgain });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client]);
}
