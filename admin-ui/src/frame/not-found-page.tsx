/** An address that names no page. */
import { MapRegular } from '@fluentui/react-icons/svg/map';
import type { ReactElement } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { LinkButton } from './link-button.tsx';
import { Empty } from './empty.tsx';
import { PageHeader } from './page-header.tsx';
import { texts } from './texts.ts';

export function NotFoundPage(): ReactElement {
  const t = useTexts(texts);
  return (
    <>
      <PageHeader title={t.noSuchPage} />
      <Empty icon={<MapRegular />} title={t.nothingAtAddress} text={t.otherVersion}>
        <LinkButton to="/">{t.goToOverview}</LinkButton>
      </Empty>
    </>
  );
}
