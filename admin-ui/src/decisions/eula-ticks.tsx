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
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  root: { display: 'flex', flexDirection: 'column', gap: '4px' },
});

interface EulaTicksProps {
  readonly eulas: DecisionPreview['eulas'];
  readonly accepted: ReadonlySet<string>;
  readonly onAccept: (eulaId: string) => void;
}

export function EulaTicks({ eulas, accepted, onAccept }: EulaTicksProps): ReactElement | null {
  const t = useTexts(texts);
  const styles = useStyles();
  if (eulas.length === 0) return null;
  return (
    <section className={styles.root} aria-label={t.terms}>
      {eulas.map(({ eulaId, updateTitle, text }) => (
        <div key={eulaId}>
          <Accordion collapsible>
            <AccordionItem value={eulaId}>
              <AccordionHeader size="small">{t.termsOf(updateTitle)}</AccordionHeader>
              <AccordionPanel>
                <LicenceText label={t.termsTextOf(updateTitle)} text={text} />
              </AccordionPanel>
            </AccordionItem>
          </Accordion>
          <Checkbox checked={accepted.has(eulaId)} label={t.accept} onChange={() => onAccept(eulaId)} />
        </div>
      ))}
    </section>
  );
}
