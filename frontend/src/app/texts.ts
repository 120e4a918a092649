import { createCatalogue } from '@/i18n/catalogue';

const en = {
  skip: 'Skip to content',
  navigation: 'Pages',
  collapse: 'Collapse menu',
  expand: 'Expand menu',
  more: 'More',
  account: 'Account',
  accountOf: 'Account: {name}',
  signOut: 'Sign out',
  find: 'Find a page or table',
  findShort: 'Find',
  pages: 'Pages',
  tables: 'Tables',
  noResult: 'Nothing is called “{text}”',
  offline: 'Offline. What you see was loaded {ago}.',
  offlineNothing: 'Offline. Nothing was loaded on this device before.',
  tryAgain: 'Try again',
  notFound: 'There is no such page',
  notFoundText: 'The address may have been mistyped, or the page has moved.',
  toHome: 'To the first page',
  forbidden: 'This page is not open to your role',
  forbiddenText: 'You are signed in as {role}. An administrator can give you another role.',
  offlinePage: 'The service cannot be reached',
  offlinePageText: 'This page was not loaded on this device before. Check the connection and try again.',
  crash: 'This page stopped working',
  crashText: 'Nothing was lost on the service. Load the page again; if it happens again, tell an administrator what you did.',
  reload: 'Load again',
  loading: 'Loading',
  roleAdmin: 'administrator',
  roleManager: 'manager',
  roleAnalyst: 'analyst',
  roleCustomer: 'customer',
} as const;

export const texts = createCatalogue(en, { he: () => import('./texts.he') });
export type Texts = typeof en;
