import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { describe, expect, it } from 'vitest';

import { renderInHebrew } from '@/testing/hebrew';
import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import AuditPage from './audit-page';
import NewSystemPage from './new-system-page';
import ServicePage from './service-page';
import SpeedPage from './speed-page';
import SystemsPage from './systems-page';
import UsersPage from './users-page';

const user = (id: string, change = {}) => ({ id, email: `${id}@shop.example`, name: id, role: 'analyst', isActive: true, emailVerified: true, twoFactorEnabled: false, language: 'en', theme: 'auto', createdAt: '2025-01-01T00:00:00Z', lastLoginAt: null, permissions: [], ...change });
const sent = (seen: Request[], method: string) => seen.findLast((request) => request.method === method && !request.url.includes('/auth/'));

describe('users', () => {
  const USERS = 'GET /api/v1/admin/users';

  it('protects the last administrator', async () => {
    serve({ ...signedIn('users:manage'), [USERS]: { body: { data: [user('ada', { role: 'admin' }), user('ben')], next_cursor: null } } });
    renderInApp(<UsersPage />);
    expect(await screen.findByRole('button', { name: 'Disable ada' })).toBeDisabled();
    expect(screen.getByRole('combobox', { name: 'Role of ada' })).toHaveAttribute('aria-disabled', 'true');
    expect(screen.getByRole('button', { name: 'Disable ben' })).toBeEnabled();
  });

  it('disables after the address was typed', async () => {
    const seen = serve({ ...signedIn('users:manage'), [USERS]: { body: { data: [user('ben')], next_cursor: null } }, 'PATCH /api/v1/admin/users/ben': { body: user('ben', { isActive: false }) } });
    renderInApp(<UsersPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Disable ben' }));
    await userEvent.type(screen.getByRole('textbox', { name: /Type ben@shop/ }), 'ben@shop.example');
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Disable' }));
    expect(await screen.findByText('ben can no longer sign in.')).toBeVisible();
    expect(await sent(seen, 'PATCH')?.json()).toEqual({ isActive: false });
  });

  it('invites, and says what was wrong with the address', async () => {
    let isRefused = true;
    serve({ ...signedIn('users:manage'), [USERS]: { body: { data: [], next_cursor: null } }, 'POST /api/v1/admin/users': () => (isRefused ? { status: 422, body: { status: 422, detail: 'x', errors: [{ field: 'email', message: 'That is no address.' }] } } : { status: 201, body: user('cleo') }) });
    renderInApp(<UsersPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Invite somebody' }));
    await userEvent.type(screen.getByLabelText('Name'), 'Cleo');
    await userEvent.type(screen.getByLabelText('E-mail address'), 'cleo@shop');
    await userEvent.click(screen.getByRole('button', { name: 'Send the invitation' }));
    expect(await screen.findByText('That is no address.')).toBeVisible();
    isRefused = false;
    await userEvent.click(screen.getByRole('button', { name: 'Send the invitation' }));
    expect(await screen.findByText('The invitation to cleo@shop.example is on its way.')).toBeVisible();
  });

  it('searches on the service', async () => {
    const seen = serve({ ...signedIn('users:manage'), [USERS]: { body: { data: [], next_cursor: null } } });
    renderInApp(<UsersPage />);
    fireEvent.change(await screen.findByRole('searchbox', { name: 'Name or e-mail' }), { target: { value: 'cle' } });
    await expect.poll(() => seen.some((request) => request.url.endsWith('?search=cle'))).toBe(true);
    expect(screen.getByText('Nobody matches.')).toBeVisible();
  });
});

describe('the audit log', () => {
  const entry = { id: 7, at: '2025-06-01T10:00:00Z', actorId: 'u1', actorEmail: 'ada@shop.example', action: 'sql.run', object: 'f00', outcome: 'failure', address: '10.0.0.9', requestId: 'r-1', detail: { error: 'RefusedError' } };

  it('filters by days in the reader’s own time, opens a line, and gets older ones', async () => {
    const seen = serve({ ...signedIn('audit:read'), 'GET /api/v1/admin/audit': { body: { data: [entry], next_cursor: 'older' } } });
    renderInApp(<AuditPage />);
    await userEvent.click(await screen.findByText('sql.run'));
    expect(within(screen.getByRole('dialog')).getByText(/RefusedError/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    fireEvent.change(screen.getByLabelText('Until'), { target: { value: '2025-06-01' } });
    const until = new Date('2025-06-02T00:00:00').toISOString();
    await expect.poll(() => seen.some((request) => new URL(request.url).searchParams.get('until') === until)).toBe(true);
    await userEvent.click(await screen.findByRole('button', { name: 'Older lines' }));
    await expect.poll(() => seen.some((request) => new URL(request.url).searchParams.get('cursor') === 'older')).toBe(true);
  });

  it('says that nothing matches', async () => {
    serve({ ...signedIn('audit:read'), 'GET /api/v1/admin/audit': { body: { data: [], next_cursor: null } } });
    renderInApp(<AuditPage />);
    expect(await screen.findByText('No line matches.')).toBeVisible();
  });
});

describe('registered systems', () => {
  const table = { name: 'loyal', description: 'One row per customer.', sql: '', key: ['customer_id'], checks: {}, inputs: ['orders'], columns: [{ name: 'customer_id', type: 'string', about: 'Who.', nullable: false, person: null, lineage: [{ table: 'orders', column: 'customer_id' }] }], error: null, step: null };
  const system = { name: 'loyalty', title: 'Loyalty', description: 'Who comes back.', enabled: true, ok: true, error: null, tables: [table] };

  it('teaches what a system is where there is none, and hides registering from who may not', async () => {
    serve({ ...signedIn('systems:read'), 'GET /api/v1/admin/systems': { body: { data: [], next_cursor: null } } });
    renderInApp(<SystemsPage />);
    expect(await screen.findByText('No system of your own yet')).toBeVisible();
    expect(screen.queryByRole('link', { name: 'Register a system' })).toBeNull();
  });

  it('is switched off, or says why it cannot be', async () => {
    serve({ ...signedIn('systems:read', 'systems:manage'), 'GET /api/v1/admin/systems': { body: { data: [system], next_cursor: null } }, 'PATCH /api/v1/admin/systems/loyalty': { status: 409, body: { status: 409, detail: 'rewards of the system points could no longer be built.', step: 'Change points first.' } } });
    renderInApp(<SystemsPage />);
    await userEvent.click(await screen.findByRole('switch', { name: 'Switch Loyalty on or off' }));
    expect(await screen.findByText('rewards of the system points could no longer be built.')).toBeVisible();
    expect(screen.getByRole('switch', { name: 'Switch Loyalty on or off' })).toBeChecked();
  });

  it('is checked before it is registered, and checked again after a change', async () => {
    const seen = serve({ ...signedIn('systems:manage'), 'POST /api/v1/admin/systems/plan': { body: system }, 'POST /api/v1/admin/systems': { status: 201, body: system } });
    renderInApp(<Routes><Route path="/new" element={<NewSystemPage />} /><Route path="/settings/systems" element={<p>all systems</p>} /></Routes>, { path: '/new' });
    fireEvent.change(await screen.findByLabelText('Name for programs'), { target: { value: 'loyalty' } });
    fireEvent.change(screen.getByLabelText('Table name'), { target: { value: 'loyal' } });
    fireEvent.change(screen.getByLabelText('Key'), { target: { value: 'customer_id, country' } });
    fireEvent.change(screen.getByRole('textbox', { name: 'SELECT that builds it' }), { target: { value: 'select 1' } });
    expect(screen.getByRole('button', { name: 'Register' })).toBeDisabled();
    await userEvent.click(screen.getByRole('button', { name: 'Check' }));
    expect(await screen.findByText('orders.customer_id')).toBeVisible();
    expect(await sent(seen, 'POST')?.json()).toMatchObject({ name: 'loyalty', tables: [{ name: 'loyal', key: ['customer_id', 'country'], sql: 'select 1', description: 'One row per' }] });
    fireEvent.change(screen.getByLabelText('Table name'), { target: { value: 'loyal_customers' } });
    expect(screen.getByRole('button', { name: 'Register' })).toBeDisabled();
    await userEvent.click(screen.getByRole('button', { name: 'Check' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Register' }));
    expect(await screen.findByText('all systems')).toBeVisible();
  });

  it('shows why a table cannot be built', async () => {
    serve({ ...signedIn('systems:manage'), 'POST /api/v1/admin/systems/plan': { body: { ...system, ok: false, tables: [{ ...table, columns: [], error: "There is no table 'ordrs'.", step: "Did you mean 'orders'?" }] } } });
    renderInApp(<NewSystemPage />);
    fireEvent.change(await screen.findByLabelText('Name for programs'), { target: { value: 'loyalty' } });
    await userEvent.click(screen.getByRole('button', { name: 'Check' }));
    expect(await screen.findByText("There is no table 'ordrs'. Did you mean 'orders'?")).toBeVisible();
    expect(screen.getByRole('button', { name: 'Register' })).toBeDisabled();
  });
});

describe('service settings', () => {
  const setting = (name: string, change = {}) => ({ name, about: `About ${name}.`, type: 'integer', value: 2, default: 2, origin: 'default', is_set: false, secret: false, changeable: true, applies: 'next run', pending: false, overridden_by: null, minimum: 1, maximum: 64, pattern: null, choices: [], ...change });
  const SETTINGS = { body: { data: [setting('workers'), setting('store.url', { type: 'string', value: null, secret: true, is_set: true, changeable: false })] } };

  it('sends what was changed alone, and says which value was refused', async () => {
    const seen = serve({ ...signedIn('settings:read', 'settings:write'), 'GET /api/v1/settings': SETTINGS, 'PATCH /api/v1/settings': { status: 422, body: { status: 422, detail: 'x', errors: [{ field: 'workers', message: 'At most 64.' }] } } });
    renderInApp(<ServicePage />);
    fireEvent.change(await screen.findByRole('textbox', { name: /workers/ }), { target: { value: '99' } });
    expect(screen.getByText('1 change')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('At most 64.')).toBeVisible();
    expect(await sent(seen, 'PATCH')?.json()).toEqual({ workers: 99 });
    await userEvent.click(screen.getByRole('button', { name: 'Discard' }));
    expect(screen.getByRole('textbox', { name: /workers/ })).toHaveValue('2');
  });

  it('shows of a secret only that it is set, and no field to who may only read', async () => {
    serve({ ...signedIn('settings:read'), 'GET /api/v1/settings': SETTINGS });
    renderInApp(<ServicePage />);
    await userEvent.click(await screen.findByRole('switch', { name: 'Only what can be changed here' }));
    expect(screen.getByText('set, not shown')).toBeVisible();
    expect(screen.queryByRole('textbox')).toBeNull();
  });
});

it('marks what is slow for one visit in four', async () => {
  serve({ ...signedIn('metrics:read'), 'GET /api/v1/telemetry/web-vitals': { body: { days: 7, data: [{ page: '/', name: 'LCP', count: 9, p75: 4200, good_share: 0.4 }, { page: '/', name: 'CLS', count: 9, p75: 0.01, good_share: 1 }] } } });
  renderInApp(<SpeedPage />);
  expect(await screen.findByText('1 measure of a page is slow for one visit in four.')).toBeVisible();
  expect(screen.getByText('40%')).toBeVisible();
});

it('says in Hebrew that nothing was measured', async () => {
  serve({ ...signedIn('metrics:read'), 'GET /api/v1/telemetry/web-vitals': { body: { days: 7, data: [] } } });
  await renderInHebrew(<SpeedPage />);
  await waitFor(() => expect(screen.getByText('עדיין לא נמדד דבר')).toBeVisible());
});
