import { Suspense } from 'react';
import { Navigate, Outlet, Route, Routes, useLocation } from 'react-router';

import { useCan, useSession } from '@/lib/session';
import { SystemPagesProvider } from '@/lib/system-pages';

import { CrashGuard } from './crash-guard';
import { PAGES, type KnownPage } from './features';
import { PageOutline, ShellOutline } from './outlines';
import { Shell } from './shell/shell';
import { Forbidden, NotFound, Offline } from './states';

/** What is kept on this device and so can be shown without a connection. */
const READABLE_OFFLINE = ['/', '/data'];

function PageSlot({ page }: { page: KnownPage }) {
  const can = useCan();
  const { state } = useSession();
  const { pathname } = useLocation();
  if (state === 'offline' && !page.isPublic && !READABLE_OFFLINE.includes(page.path)) return <Offline />;
  if (!can(page.permission)) return <Forbidden />;
  const Content = page.component;
  return (
    <CrashGuard resetKey={pathname}>
      {/* By path, so that the outline of the next page is seen at once instead of the last page. */}
      <Suspense key={page.path} fallback={<PageOutline outline={page.outline ?? 'dashboard'} />}>
        <Content />
      </Suspense>
    </CrashGuard>
  );
}

/** Signed-in people pass; others are asked to sign in and come back to where they wanted to go. */
function SignedIn() {
  const { state } = useSession();
  const { pathname, search } = useLocation();
  if (state === 'starting') return <ShellOutline />;
  if (state === 'signed-out') {
    const next = pathname === '/' ? '' : `?next=${encodeURIComponent(pathname + search)}`;
    return <Navigate to={`/sign-in${next}`} replace />;
  }
  return (
    <Shell>
      <Outlet />
    </Shell>
  );
}

export function Pages() {
  const slot = (page: KnownPage) => <Route key={page.path} path={page.path} element={<PageSlot page={page} />} />;
  return (
    <SystemPagesProvider value={PAGES}>
    <Routes>
      {PAGES.filter((page) => page.isPublic).map(slot)}
      <Route element={<SignedIn />}>
        {PAGES.filter((page) => !page.isPublic).map(slot)}
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
    </SystemPagesProvider>
  );
}
