/** Licence terms that have to be accepted with the approval. */
import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  Checkbox,
  makeStyles,
} from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { DecisionPreview } from '../../../protocol/console/approvals.ts';

import { LicenceText } from '../frame/licence-text.tsx';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: '4px' },
});

interface EulaTicksProps {
  readonly eulas: DecisionPreview['eulas'];
  readonly accepted: ReadonlySet<string>;
  readonly onAccept: (eulaId: string) => void;
}

export function EulaTicks({ eulas, accepted, onAccept }: EulaTicksProps): ReactElement | null {
  const styles = useStyles();
  if (eulas.length === 0) return null;
  return (
    <section className={styles.root} aria-label="Licence terms">
      {eulas.map(({ eulaId, updateTitle, text }) => (
        <div key={eulaId}>
          <Accordion collapsible>
            <AccordionItem value={eulaId}>
              <AccordionHeader size="small">Licence terms of {updateTitle}</AccordionHeader>
              <AccordionPanel>
                <LicenceText label={`Text of the licence terms of ${updateTitle}`} text={text} />
              </AccordionPanel>
            </AccordionItem>
          </Accordion>
          <Checkbox
            checked={accepted.has(eulaId)}
            label="I accept the licence terms for the computers that get it"
            onChange={() => onAccept(eulaId)}
          />
        </div>
      ))}
    </section>
  );
}
