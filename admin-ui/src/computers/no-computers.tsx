/** What to do while no computer has called: where to point one. */
import { Link, Text } from '@fluentui/react-components';
import { DesktopRegular } from '@fluentui/react-icons/svg/desktop';
import type { ReactElement } from 'react';
import { Empty } from '../frame/empty.tsx';
import { useOverview } from '../overview/overview-query.ts';

const POLICY_HELP = 'https://learn.microsoft.com/windows/deployment/update/waas-wu-settings';

export function NoComputers(): ReactElement {
  const addresses = useOverview().data?.clientAddresses;
  const [address] = addresses ?? [];
  const text =
    addresses !== undefined && address === undefined
      ? 'No client listener is configured (listeners.client), so none can call.'
      : `Point one at this relay: in its policy “Specify intranet Microsoft update service location”, enter ${address ?? 'its address'} for both services. It shows here after its first scan.`;
  return (
    <Empty icon={<DesktopRegular />} title="No computer has called yet" text={text}>
      {address?.startsWith('https:') === true && (
        <Text align="center">
          It must trust the relay’s certificate: unless you configured one of your own, give it
          pki/authority.pem from the data directory.
        </Text>
      )}
      <Text>
        <Link href={POLICY_HELP} target="_blank" rel="noreferrer noopener">
          About that policy
        </Link>
      </Text>
    </Empty>
  );
}
