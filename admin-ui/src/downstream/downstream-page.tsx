/** The tree of servers below this relay. */
import { Text, makeStyles } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import type { DownstreamTree } from '../../../protocol/console/downstream.ts';
import { Failure } from '../frame/failure.tsx';
import { NARROW } from '../frame/media.ts';
import { PageHeader } from '../frame/page-header.tsx';
import { Section } from '../frame/section.tsx';
import { SkeletonLines } from '../frame/skeleton-lines.tsx';
import { useTexts } from '../language/use-texts.ts';
import { buildTree } from '../tree/tree.ts';
import { useAddress } from '../url/use-address.ts';
import { useDownstreamTree } from './downstream-queries.ts';
import { NoServers } from './no-servers.tsx';
import { ServerBranch, Sums } from './server-branch.tsx';
import { texts } from './texts.ts';

const useStyles = makeStyles({
  body: {
    flexGrow: 1,
    minHeight: 0,
    overflowY: 'auto',
    padding: '8px 24px 24px',
    [NARROW]: { padding: '8px 12px 16px' },
  },
  tree: { maxWidth: '880px' },
});

export function DownstreamPage(): ReactElement {
  const t = useTexts(texts);
  const styles = useStyles();
  const tree = useDownstreamTree();
  const { params, change } = useAddress();
  const open = params.get('server') ?? undefined;
  const servers = tree.data?.servers;
  return (
    <>
      <PageHeader title={t.title} note={servers === undefined ? undefined : t.count(servers.length)} />
      <div className={styles.body}>
        {tree.isPending && <SkeletonLines count={6} label={t.reading} />}
        {tree.isError && <Failure what={t.notRead} error={tree.error} onRetry={() => void tree.refetch()} />}
        {tree.data?.servers.length === 0 && <NoServers addresses={tree.data.addresses} />}
        {tree.data !== undefined && tree.data.servers.length > 0 && (
          <div className={styles.tree}>
            <Totals tree={tree.data} />
            <ServerBranch
              nodes={buildTree(tree.data.servers, ({ serverId }) => serverId)}
              open={open}
              onOpen={(server) => change({ server })}
            />
          </div>
        )}
      </div>
    </>
  );
}

function Totals({ tree: { own, servers, isDetailed } }: { readonly tree: DownstreamTree }): ReactElement {
  const t = useTexts(texts);
  const total = (key: 'computers' | 'needing' | 'failed'): number =>
    servers.reduce((sum, server) => sum + server[key], own[key]);
  return (
    <Section title={t.wholeTree}>
      <Sums computers={total('computers')} needing={total('needing')} failed={total('failed')} />
      <Text>
        {t.own(own.computers, own.name)}
        {isDetailed ? '' : ` ${t.sumsAlone}`}
      </Text>
    </Section>
  );
}
