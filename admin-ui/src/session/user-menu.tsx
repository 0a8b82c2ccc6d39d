/** Who I am, and leaving. */
import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { PersonRegular } from '@fluentui/react-icons/svg/person';
import { SignOutRegular } from '@fluentui/react-icons/svg/sign-out';
import type { ReactElement } from 'react';
import { useErrorText } from '../api/use-error-text.ts';
import { useNotice } from '../frame/notices.tsx';
import { LanguageItems, checkedLanguage } from '../language/language-items.tsx';
import { useLanguage } from '../language/language.ts';
import { texts as languageTexts } from '../language/texts.ts';
import { useTexts } from '../language/use-texts.ts';
import { useSession, useSignOut } from './session-query.ts';
import { texts } from './texts.ts';

export function UserMenu(): ReactElement {
  const t = useTexts(texts);
  const { language: languageTitle } = useTexts(languageTexts);
  const session = useSession();
  const signOut = useSignOut();
  const notice = useNotice();
  const errorText = useErrorText();
  const language = useLanguage();
  const name = session.data?.userName ?? '';
  const leave = (): void =>
    signOut.mutate(undefined, {
      onError: (error) => notice({ intent: 'error', title: t.stillSignedIn, text: errorText(error) }),
    });
  return (
    <Menu checkedValues={checkedLanguage(language)}>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<PersonRegular />} aria-label={t.accountOf(name)} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>{name}</MenuGroupHeader>
            <MenuItem icon={<SignOutRegular />} onClick={leave}>
              {t.signOut}
            </MenuItem>
          </MenuGroup>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>{languageTitle}</MenuGroupHeader>
            <LanguageItems />
          </MenuGroup>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
