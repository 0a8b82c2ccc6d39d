/** A button that shows the language and changes it, for pages without the user's menu. */
import { Button, Menu, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { LocalLanguageRegular } from '@fluentui/react-icons/svg/local-language';
import type { ReactElement } from 'react';
import { LanguageItems, checkedLanguage } from './language-items.tsx';
import { useLanguage } from './language.ts';
import { LANGUAGE_NAMES } from './languages.ts';
import { texts } from './texts.ts';
import { useTexts } from './use-texts.ts';

export function LanguageMenu(): ReactElement {
  const t = useTexts(texts);
  const language = useLanguage();
  return (
    <Menu checkedValues={checkedLanguage(language)}>
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="subtle"
          size="small"
          icon={<LocalLanguageRegular />}
          aria-label={`${t.language}: ${LANGUAGE_NAMES[language]}`}
        >
          {LANGUAGE_NAMES[language]}
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <LanguageItems />
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
