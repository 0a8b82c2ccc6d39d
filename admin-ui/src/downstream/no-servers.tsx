/** What to do while no server has asked: how to set one up. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import { ServerRegular } from '@fluentui/react-icons/svg/server';
import type { ReactElement } from 'react';
import { Empty } from '../frame/empty.tsx';

const useStyles = makeStyles({
  code: {
    textAlign: 'left',
    fontFamily: tokens.fontFamilyMonospace,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    userSelect: 'text',
    margin: 0,
    padding: '12px 16px',
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
  },
});

export function NoServers({ addresses }: { readonly addresses: readonly string[] }): ReactElement {
  const styles = useStyles();
  const [address] = addresses;
  if (address === undefined) {
    return (
      <Empty
        icon={<ServerRegular />}
        title="No server synchronizes from here"
        text="No HTTPS listener for downstream servers is configured (listeners.downstream), so none can."
      />
    );
  }
  return (
    <Empty
      icon={<ServerRegular />}
      title="No server synchronizes from here yet"
      text="Set up Sluice on another machine, give it pki/authority.pem from this relay’s data directory, and name this relay as its upstream server. It shows here after its first synchronization, with its computers and those of servers below it."
    >
      <pre className={styles.code}>{`upstream:
  url: ${address}
  pins: [the pin that this relay logs at its start]
  trustAnchors: [authority.pem]`}</pre>
      <Text>In the other server’s configuration</Text>
    </Empty>
  );
}
