/** Waits until a relay has the content of what is approved. */
import { api } from '../../protocol/console/api.ts';
import type { ConsoleClient } from './console-client.ts';
import { must, until } from './step.ts';

const STEP = 'fetch content';
/** After which it is given up; a busy machine takes its time. */
const SECONDS = 180;

export interface PresentContent {
  readonly presentFiles: number;
  readonly presentBytes: number;
}

/** @throws StepError where it does not come, or comes wrong */
export const contentPresent = (console: ConsoleClient): Promise<PresentContent> =>
  until(STEP, 'the arrival of every wanted file', SECONDS, async () => {
    const { content } = await console.call(api.overview);
    must(STEP, content.quarantinedFiles === 0, () => `${content.quarantinedFiles} files are quarantined.`);
    return content.wantedFiles === 0 && content.presentFiles > 0 ? content : undefined;
  });
