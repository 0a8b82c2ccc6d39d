/** A downstream server with what it reports, and those below it. */
import { Button, Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { DownstreamServer } from '../../../protocol/console/downstream.ts';
import { Time } from '../format/time.tsx';
import { NARROW } from '../frame/media.ts';
import { useTexts } from '../language/use-texts.ts';
import type { TreeNode } from '../tree/tree.ts';
import { DownstreamComputers } from './downstream-computers.tsx';
import { ForgetServer } from './forget-server.tsx';
import { ServerHealthNote } from './server-health.tsx';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  below: {
    listStyleType: 'none',
    margin: '0 0 0 11px',
    padding: '0 0 0 20px',
    borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
    [NARROW]: { margin: '0 0 0 4px', padding: '0 0 0 10px' },
  },
  server: {
    display: 'flex',
    flexDirection: 'column',
    gap: '6px',
    padding: '12px 0',
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'baseline', gap: '4px 12px' },
  name: { overflowWrap: 'anywhere', userSelect: 'text' },
  quiet: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
  sums: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: '4px 20px',
    fontVariantNumeric: 'tabular-nums',
  },
  actions: { display: 'flex', flexWrap: 'wrap', gap: '8px' },
});

interface ServerBranchProps {
  readonly nodes: readonly TreeNode<DownstreamServer>[];
  /** The server whose computers are shown. */
  readonly open: string | undefined;
  readonly onOpen: (serverId: string | undefined) => void;
  readonly isNested?: boolean;
}

export function ServerBranch({ nodes, open, onOpen, isNested = false }: ServerBranchProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <ul className={isNested ? styles.below : styles.list} aria-label={isNested ? t.serversBelow : t.servers}>
      {nodes.map(({ item, children }) => (
        <li key={item.serverId}>
          <Server
            server={item}
            isOpen={open === item.serverId}
            onOpen={(isOpen) => onOpen(isOpen ? item.serverId : undefined)}
          />
          {children.length > 0 && <ServerBranch nodes={children} open={open} onOpen={onOpen} isNested />}
        </li>
      ))}
    </ul>
  );
}

/** Two servers may call themselves alike; this much of what they are known by tells them apart. */
const SHOWN_OF_IDENTIFIER = 8;

interface ServerProps {
  readonly server: DownstreamServer;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
}

function Server({ server, isOpen, onOpen }: ServerProps): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const about = [server.isReplica ? t.replica : t.autonomous, server.version, server.ipAddress];
  const identity = t.identifier(server.serverId.slice(0, SHOWN_OF_IDENTIFIER));
  return (
    <article className={styles.server} aria-label={server.name}>
      <div className={styles.head}>
        <Text as="h2" weight="semibold" size={400} className={styles.name}>
          {server.name}
        </Text>
        <span className={styles.quiet} title={server.serverId}>
          {(server.lastRollup === undefined ? [server.ipAddress, identity] : [...about, identity])
            .filter((one) => one !== undefined)
            .join(' · ')}
        </span>
      </div>
      <ServerHealthNote server={server} />
      <Sums {...server} />
      <div className={styles.quiet}>
        {t.synchronized} {server.lastSync === undefined ? t.never : <Time at={server.lastSync} />} ·{' '}
        {t.reported} {server.lastRollup === undefined ? t.never : <Time at={server.lastRollup} />} ·{' '}
        {t.lastContact} <Time at={server.lastContact} />
      </div>
      <div className={styles.actions}>
        {server.computers > 0 && (
          <Button size="small" aria-expanded={isOpen} onClick={() => onOpen(!isOpen)}>
            {isOpen ? t.hideComputers : t.showComputers}
          </Button>
        )}
        <ForgetServer server={server} />
      </div>
      {isOpen && <DownstreamComputers serverId={server.serverId} name={server.name} />}
    </article>
  );
}

export function Sums(sums: Pick<DownstreamServer, 'computers' | 'needing' | 'failed'>): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  return (
    <div className={styles.sums}>
      <span>{t.computers(sums.computers)}</span>
      <span>{t.needing(sums.needing)}</span>
      <span>{t.failed(sums.failed)}</span>
    </div>
  );
}
