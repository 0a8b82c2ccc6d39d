/** What to do while no computer has called: where to point one. */
import { Link, Text } from '@fluentui/react-components';
import { DesktopRegular } from '@fluentui/react-icons/svg/desktop';
import type { ReactElement } from 'react';
import { Empty } from '../frame/empty.tsx';
import { useTexts } from '../language/use-texts.ts';
import { useOverview } from '../overview/overview-query.ts';
import { texts } from './texts.ts';

const POLICY_HELP = 'https://learn.microsoft.com/windows/deployment/update/waas-wu-settings';

export function NoComputers(): ReactElement {
  const t = useTexts(texts);
  const addresses = useOverview().data?.clientAddresses;
  const [address] = addresses ?? [];
  const text =
    addresses !== undefined && address === undefined ? t.noListener : t.pointOne(address ?? t.itsAddress);
  return (
    <Empty icon={<DesktopRegular />} title={t.none} text={text}>
      {address?.startsWith('https:') === true && <Text align="center">{t.mustTrust}</Text>}
      <Text>
        <Link href={POLICY_HELP} target="_blank" rel="noreferrer noopener">
          {t.aboutPolicy}
        </Link>
      </Text>
    </Empty>
  );
}
