/** An address that names no page. */
import { MapRegular } from '@fluentui/react-icons/svg/map';
import type { ReactElement } from 'react';
import { LinkButton } from './link-button.tsx';
import { Empty } from './empty.tsx';
import { PageHeader } from './page-header.tsx';

export function NotFoundPage(): ReactElement {
  return (
    <>
      <PageHeader title="No such page" />
      <Empty
        icon={<MapRegular />}
        title="Nothing is at this address"
        text="The link may be of another version of the console."
      >
        <LinkButton to="/">Go to the overview</LinkButton>
      </Empty>
    </>
  );
}
