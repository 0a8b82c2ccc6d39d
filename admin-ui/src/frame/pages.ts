/** The pages of the console, in the order of the rail; each is loaded when it is first opened. */
import { ArchiveFilled, ArchiveRegular } from '@fluentui/react-icons/svg/archive';
import { ArrowSyncFilled, ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { AppsListFilled, AppsListRegular } from '@fluentui/react-icons/svg/apps-list';
import { DesktopFilled, DesktopRegular } from '@fluentui/react-icons/svg/desktop';
import { HistoryFilled, HistoryRegular } from '@fluentui/react-icons/svg/history';
import { FlashFilled, FlashRegular } from '@fluentui/react-icons/svg/flash';
import { HomeFilled, HomeRegular } from '@fluentui/react-icons/svg/home';
import { OrganizationFilled, OrganizationRegular } from '@fluentui/react-icons/svg/organization';
import { QuestionCircleRegular } from '@fluentui/react-icons/svg/question-circle';
import { ServerFilled, ServerRegular } from '@fluentui/react-icons/svg/server';
import { PeopleFilled, PeopleRegular } from '@fluentui/react-icons/svg/people';
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { Permission } from '../../../protocol/console/access.ts';
import type { PageName } from './texts.ts';

export interface Page {
  readonly path: string;
  /** What it is called is in `texts.ts`. */
  readonly name: PageName;
  readonly icon: ComponentType;
  readonly activeIcon: ComponentType;
  readonly component: LazyExoticComponent<ComponentType>;
  /** Left out: whoever is signed in sees it. */
  readonly needs?: Permission;
  /** It is reached from other pages, and is not in the rail. */
  readonly isApart?: boolean;
}

export const PAGES: readonly Page[] = [
  {
    path: '/',
    name: 'overview',
    icon: HomeRegular,
    activeIcon: HomeFilled,
    component: lazy(async () => ({ default: (await import('../overview/overview-page.tsx')).OverviewPage })),
  },
  {
    path: '/updates',
    name: 'updates',
    icon: AppsListRegular,
    activeIcon: AppsListFilled,
    component: lazy(async () => ({ default: (await import('../updates/updates-page.tsx')).UpdatesPage })),
  },
  {
    path: '/computers',
    name: 'computers',
    icon: DesktopRegular,
    activeIcon: DesktopFilled,
    component: lazy(async () => ({
      default: (await import('../computers/computers-page.tsx')).ComputersPage,
    })),
  },
  {
    path: '/groups',
    name: 'groups',
    icon: OrganizationRegular,
    activeIcon: OrganizationFilled,
    component: lazy(async () => ({ default: (await import('../groups/groups-page.tsx')).GroupsPage })),
  },
  {
    path: '/rules',
    name: 'rules',
    icon: FlashRegular,
    activeIcon: FlashFilled,
    component: lazy(async () => ({ default: (await import('../rules/rules-page.tsx')).RulesPage })),
  },
  {
    path: '/content',
    name: 'content',
    icon: ArchiveRegular,
    activeIcon: ArchiveFilled,
    component: lazy(async () => ({ default: (await import('../content/content-page.tsx')).ContentPage })),
  },
  {
    path: '/downstream',
    name: 'downstream',
    icon: ServerRegular,
    activeIcon: ServerFilled,
    component: lazy(async () => ({
      default: (await import('../downstream/downstream-page.tsx')).DownstreamPage,
    })),
  },
  {
    path: '/synchronization',
    name: 'synchronization',
    icon: ArrowSyncRegular,
    activeIcon: ArrowSyncFilled,
    component: lazy(async () => ({
      default: (await import('../synchronization/synchronization-page.tsx')).SynchronizationPage,
    })),
  },
  {
    path: '/users',
    name: 'users',
    needs: 'administer',
    icon: PeopleRegular,
    activeIcon: PeopleFilled,
    component: lazy(async () => ({ default: (await import('../users/users-page.tsx')).UsersPage })),
  },
  {
    path: '/audit',
    name: 'audit',
    needs: 'administer',
    icon: HistoryRegular,
    activeIcon: HistoryFilled,
    component: lazy(async () => ({ default: (await import('../audit/audit-page.tsx')).AuditPage })),
  },
  {
    path: '/why',
    name: 'why',
    icon: QuestionCircleRegular,
    activeIcon: QuestionCircleRegular,
    isApart: true,
    component: lazy(async () => ({
      default: (await import('../explanation/explanation-page.tsx')).ExplanationPage,
    })),
  },
];
