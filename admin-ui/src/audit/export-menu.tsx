/** The log as a file, narrowed as the list is. */
import {
  Menu,
  MenuButton,
  MenuItemLink,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { ArrowDownloadRegular } from '@fluentui/react-icons/svg/arrow-download';
import type { ReactElement } from 'react';
import type { z } from 'zod';
import type { AuditFilters } from '../../../protocol/console/audit.ts';
import { useTexts } from '../language/use-texts.ts';
import { exportAddress } from './audit-queries.ts';
import { texts } from './texts.ts';

export function ExportMenu({ filters }: { readonly filters: z.input<typeof AuditFilters> }): ReactElement {
  const t = useTexts(texts);
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <MenuButton icon={<ArrowDownloadRegular />}>{t.exportLog}</MenuButton>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItemLink href={exportAddress(filters, 'csv')} download>
            {t.asCsv}
          </MenuItemLink>
          <MenuItemLink href={exportAddress(filters, 'jsonl')} download>
            {t.asJsonLines}
          </MenuItemLink>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
