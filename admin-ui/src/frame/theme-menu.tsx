/** Light, dark, or as the system has it. */
import {
  Button,
  Menu,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Tooltip,
} from '@fluentui/react-components';
import { DarkThemeRegular } from '@fluentui/react-icons/svg/dark-theme';
import type { ReactElement } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';
import { chooseTheme, useThemeChoice, type ThemeChoice } from './theme.ts';

const CHOICES: readonly ThemeChoice[] = ['system', 'light', 'dark'];

export function ThemeMenu(): ReactElement {
  const t = useTexts(texts);
  const choice = useThemeChoice();
  return (
    <Menu
      checkedValues={{ theme: [choice] }}
      onCheckedValueChange={(_, { checkedItems }) => {
        const chosen = CHOICES.find((value) => value === checkedItems[0]);
        if (chosen !== undefined) chooseTheme(chosen);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content={t.theme} relationship="label">
          <Button appearance="subtle" icon={<DarkThemeRegular />} />
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {CHOICES.map((value) => (
            <MenuItemRadio key={value} name="theme" value={value}>
              {t.themes[value]}
            </MenuItemRadio>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
