/** Toasts: what was done, and taking it back. */
import {
  Button,
  Toast,
  ToastBody,
  ToastFooter,
  ToastTitle,
  ToastTrigger,
  useToastController,
  type ToastIntent,
} from '@fluentui/react-components';
import { useCallback } from 'react';

export const TOASTER = 'notices';

export interface Notice {
  readonly intent: ToastIntent;
  readonly title: string;
  readonly text?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** Milliseconds; what can be taken back stays longer, and none goes while it is pointed at. */
const STAYS = { plain: 6000, withAction: 20_000 };

export function useNotice(): (notice: Notice) => void {
  const { dispatchToast } = useToastController(TOASTER);
  return useCallback(
    ({ intent, title, text, action }: Notice) => {
      dispatchToast(
        <Toast>
          <ToastTitle>{title}</ToastTitle>
          {text !== undefined && <ToastBody>{text}</ToastBody>}
          {action !== undefined && (
            <ToastFooter>
              <ToastTrigger>
                <Button size="small" onClick={action.run}>
                  {action.label}
                </Button>
              </ToastTrigger>
            </ToastFooter>
          )}
        </Toast>,
        {
          intent,
          timeout: action === undefined ? STAYS.plain : STAYS.withAction,
          pauseOnHover: true,
          pauseOnWindowBlur: true,
        },
      );
    },
    [dispatchToast],
  );
}
