/** What to do while no server has asked: how to set one up. */
import { Text, makeStyles, tokens } from '@fluentui/react-components';
import { ServerRegular } from '@fluentui/react-icons/svg/server';
import type { ReactElement } from 'react';
import { Empty } from '../frame/empty.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

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
  const t = useTexts(texts);
  const styles = useStyles();
  const [address] = addresses;
  if (address === undefined) {
    return <Empty icon={<ServerRegular />} title={t.none} text={t.noListener} />;
  }
  return (
    <Empty icon={<ServerRegular />} title={t.noneYet} text={t.howTo}>
      <pre className={styles.code}>{`upstream:
  url: ${address}
  pins: [${t.pinOfRelay}]
  trustAnchors: [authority.pem]`}</pre>
      <Text>{t.inConfiguration}</Text>
    </Empty>
  );
}
