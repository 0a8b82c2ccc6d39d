/** The languages as entries of a menu; the menu is told which is checked by `checkedLanguage`. */
import { MenuItemRadio } from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { chooseLanguage } from './language.ts';
import { LANGUAGES, LANGUAGE_NAMES, type Language } from './languages.ts';

/** The name of the choice among a menu's checked values. */
const NAME = 'language';

export const checkedLanguage = (language: Language): Record<string, string[]> => ({ [NAME]: [language] });

export function LanguageItems(): ReactElement {
  return (
    <>
      {LANGUAGES.map((language) => (
        <MenuItemRadio
          key={language}
          name={NAME}
          value={language}
          lang={language}
          onClick={() => chooseLanguage(language)}
        >
          {LANGUAGE_NAMES[language]}
        </MenuItemRadio>
      ))}
    </>
  );
}
