/** Who I am, and leaving. */
import {
  Button,
  Menu,
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
import { describeError } from '../api/api-error.ts';
import { useNotice } from '../frame/notices.tsx';
import { useSession, useSignOut } from './session-query.ts';

export function UserMenu(): ReactElement {
  const session = useSession();
  const signOut = useSignOut();
  const notice = useNotice();
  const name = session.data?.userName ?? '';
  const leave = (): void =>
    signOut.mutate(undefined, {
      onError: (error) =>
        notice({ intent: 'error', title: 'You are still signed in.', text: describeError(error) }),
    });
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<PersonRegular />} aria-label={`Account of ${name}`} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>{name}</MenuGroupHeader>
            <MenuItem icon={<SignOutRegular />} onClick={leave}>
              Sign out
            </MenuItem>
          </MenuGroup>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
