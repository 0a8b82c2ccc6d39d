/** What a computer is and when it was heard of. */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ComputerDetails } from '../../../protocol/console/computers.ts';
import { Time } from '../format/time.tsx';
import { Facts } from '../frame/facts.tsx';
import { Section } from '../frame/section.tsx';
import { useTexts } from '../language/use-texts.ts';
import { StatusBar } from '../states/status-bar.tsx';
import { texts as stateTexts } from '../states/texts.ts';
import { describeCounts } from '../states/update-states.ts';
import { groupNames } from './computer-columns.tsx';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
});

const notEmpty = (text: string): string | undefined => (text === '' ? undefined : text);

function At({ at }: { readonly at: string | undefined }): ReactElement {
  const t = useTexts(texts);
  return at === undefined ? <>{t.notYet}</> : <Time at={at} />;
}

/** Name, version and day, as far as they are told. */
function biosOf({ biosName, biosVersion, biosReleaseDate }: ComputerDetails): string | undefined {
  const told = [biosName, biosVersion, biosReleaseDate?.slice(0, 10)].filter(
    (text) => text !== undefined && text !== '',
  );
  return told.length === 0 ? undefined : [...new Set(told)].join(', ');
}

export function ComputerFactsTab({ computer }: { readonly computer: ComputerDetails }): ReactElement {
  const stateWords = useTexts(stateTexts);
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <>
      <Section as="h3" title={t.approvedUpdates}>
        <StatusBar counts={computer.status} />
        <span>{describeCounts(computer.status, stateWords)}</span>
      </Section>
      <Section as="h3" title={t.contact}>
        <Facts
          facts={[
            { name: t.facts.groups, value: groupNames(computer, t) },
            { name: t.facts.asksFor, value: notEmpty(computer.requestedTargetGroup) },
            { name: t.facts.lastContact, value: <At at={computer.lastContact} /> },
            { name: t.facts.lastScan, value: <At at={computer.lastScan} /> },
            { name: t.facts.lastReport, value: <At at={computer.lastReport} /> },
            { name: t.facts.firstContact, value: <At at={computer.firstContact} /> },
            { name: t.facts.address, value: notEmpty(computer.ipAddress) },
          ]}
        />
      </Section>
      <Section as="h3" title={t.machine}>
        <Facts
          facts={[
            { name: t.facts.system, value: notEmpty(computer.osDescription) },
            { name: t.facts.version, value: notEmpty(computer.osVersion) },
            { name: t.facts.architecture, value: notEmpty(computer.processorArchitecture) },
            { name: t.facts.manufacturer, value: notEmpty(computer.manufacturer) },
            { name: t.facts.model, value: notEmpty(computer.model) },
            { name: t.facts.bios, value: biosOf(computer) },
            { name: t.facts.agent, value: notEmpty(computer.clientVersion) },
            { name: t.facts.identity, value: <span className={styles.code}>{computer.computerId}</span> },
          ]}
        />
      </Section>
    </>
  );
}
