/** What a computer is and when it was heard of. */
import { makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { ComputerDetails } from '../../../protocol/console/computers.ts';
import { Time } from '../format/time.tsx';
import { Facts } from '../frame/facts.tsx';
import { Section } from '../frame/section.tsx';
import { StatusBar } from '../states/status-bar.tsx';
import { describeCounts } from '../states/update-states.ts';
import { groupNames } from './computer-columns.tsx';

const useStyles = makeStyles({
  code: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
});

const notEmpty = (text: string): string | undefined => (text === '' ? undefined : text);

function At({ at }: { readonly at: string | undefined }): ReactElement {
  return at === undefined ? <>not yet</> : <Time at={at} />;
}

/** Name, version and day, as far as they are told. */
function biosOf({ biosName, biosVersion, biosReleaseDate }: ComputerDetails): string | undefined {
  const told = [biosName, biosVersion, biosReleaseDate?.slice(0, 10)].filter(
    (text) => text !== undefined && text !== '',
  );
  return told.length === 0 ? undefined : [...new Set(told)].join(', ');
}

export function ComputerFactsTab({ computer }: { readonly computer: ComputerDetails }): ReactElement {
  const styles = useStyles();
  return (
    <>
      <Section as="h3" title="Approved updates">
        <StatusBar counts={computer.status} />
        <span>{describeCounts(computer.status)}</span>
      </Section>
      <Section as="h3" title="Contact">
        <Facts
          facts={[
            { name: 'Groups', value: groupNames(computer) },
            { name: 'Asks for', value: notEmpty(computer.requestedTargetGroup) },
            { name: 'Last contact', value: <At at={computer.lastContact} /> },
            { name: 'Last scan', value: <At at={computer.lastScan} /> },
            { name: 'Last report', value: <At at={computer.lastReport} /> },
            { name: 'First contact', value: <At at={computer.firstContact} /> },
            { name: 'Address', value: notEmpty(computer.ipAddress) },
          ]}
        />
      </Section>
      <Section as="h3" title="Machine">
        <Facts
          facts={[
            { name: 'System', value: notEmpty(computer.osDescription) },
            { name: 'Version', value: notEmpty(computer.osVersion) },
            { name: 'Architecture', value: notEmpty(computer.processorArchitecture) },
            { name: 'Manufacturer', value: notEmpty(computer.manufacturer) },
            { name: 'Model', value: notEmpty(computer.model) },
            { name: 'BIOS', value: biosOf(computer) },
            { name: 'Agent', value: notEmpty(computer.clientVersion) },
            { name: 'Identity', value: <span className={styles.code}>{computer.computerId}</span> },
          ]}
        />
      </Section>
    </>
  );
}
