import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { renderInHebrew } from '@/testing/hebrew';
import { renderInApp, serve } from '@/testing/render';
import { signedIn } from '@/testing/signed-in';

import { deviceOf } from './device';
import KeysPage from './keys-page';
import ProfilePage from './profile-page';
import SecurityPage from './security-page';
import SessionsPage from './sessions-page';

const bodyOf = async (seen: Request[], method: string, path: string) => (await seen.findLast((request) => request.method === method && new URL(request.url).pathname === path)?.json()) as unknown;

describe('the profile', () => {
  const PROFILE = 'PATCH /api/v1/user/profile';

  it('asks for the password only when the address changes', async () => {
    const seen = serve({ ...signedIn(), [PROFILE]: { status: 422, body: { status: 422, detail: 'Not valid', errors: [{ field: 'currentPassword', message: 'That is not your password.' }] } } });
    renderInApp(<ProfilePage />);
    const email = await screen.findByLabelText('E-mail address');
    expect(screen.queryByLabelText('Current password')).toBeNull();
    await userEvent.clear(email);
    await userEvent.type(email, 'new@shop.example');
    await userEvent.type(screen.getByLabelText('Current password'), 'wrong');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('That is not your password.')).toBeVisible();
    expect(await bodyOf(seen, 'PATCH', '/api/v1/user/profile')).toEqual({ email: 'new@shop.example', currentPassword: 'wrong' });
    expect(email).toHaveValue('new@shop.example');
  });

  it('keeps language and colours with the account', async () => {
    const replies = signedIn();
    const { user } = replies['POST /api/v1/auth/refresh'].body;
    const seen = serve({ ...replies, [PROFILE]: { body: { ...user, theme: 'dark' } } });
    renderInApp(<ProfilePage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Dark' }));
    expect(await bodyOf(seen, 'PATCH', '/api/v1/user/profile')).toEqual({ theme: 'dark' });
  });

  it('speaks Hebrew', async () => {
    serve({ ...signedIn() });
    await renderInHebrew(<ProfilePage />);
    await waitFor(() => expect(screen.getByText('החיבור הוא בשם Dana, אנליסט.')).toBeVisible());
  });
});

describe('the password', () => {
  it('is changed, or says which field was refused', async () => {
    let isRefused = true;
    serve({ ...signedIn(), 'POST /api/v1/auth/change-password': () => (isRefused ? { status: 422, body: { status: 422, detail: 'x', errors: [{ field: 'newPassword', message: 'It is among the known ones.' }] } } : { body: { message: '' } }), 'POST /api/v1/auth/password-strength': { body: { score: 1, ok: false, warning: 'This is a common password.', suggestions: [] } } });
    renderInApp(<SecurityPage />);
    await userEvent.type(await screen.findByLabelText('Current password'), 'old one');
    await userEvent.type(screen.getByLabelText('New password'), 'password1');
    expect(await screen.findByText('This is a common password.')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Change the password' }));
    expect(await screen.findByText('It is among the known ones.')).toBeVisible();
    isRefused = false;
    await userEvent.click(screen.getByRole('button', { name: 'Change the password' }));
    expect(await screen.findByText('The password is changed. All other sessions have ended.')).toBeVisible();
    expect(screen.getByLabelText('New password')).toHaveValue('');
  });
});

describe('two-factor', () => {
  it('shows picture and secret, takes a code, and shows the recovery codes once', async () => {
    serve({ ...signedIn(), 'POST /api/v1/user/two-factor': { body: { secret: 'ABCD', uri: 'otpauth://x', qrSvg: '<svg/>' } }, 'POST /api/v1/user/two-factor/confirm': { body: { recoveryCodes: ['aaaa-1', 'bbbb-2'] } } });
    renderInApp(<SecurityPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Set up two-factor' }));
    expect(await screen.findByRole('img', { name: 'QR code of the secret below' })).toHaveAttribute('src', expect.stringMatching(/^data:image\/svg\+xml/));
    expect(screen.getByText('ABCD')).toBeVisible();
    await userEvent.type(screen.getByLabelText('Six-digit code'), '123 456');
    await userEvent.click(screen.getByRole('button', { name: 'Confirm' }));
    expect(await screen.findByText('bbbb-2')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'I have stored them' }));
    expect(screen.queryByText('bbbb-2')).toBeNull();
    expect(screen.getByText('On. Signing in asks for a code from your authenticator app.')).toBeVisible();
  });

  it('keeps a refused code in its field', async () => {
    serve({ ...signedIn(), 'POST /api/v1/user/two-factor': { body: { secret: 'ABCD', uri: '', qrSvg: '' } }, 'POST /api/v1/user/two-factor/confirm': { status: 422, body: { status: 422, detail: 'That code is not right.', step: 'Enter the newest.' } } });
    renderInApp(<SecurityPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Set up two-factor' }));
    await userEvent.type(await screen.findByLabelText('Six-digit code'), '000000');
    await userEvent.click(screen.getByRole('button', { name: 'Confirm' }));
    expect(await screen.findByText('That code is not right.')).toBeVisible();
    expect(screen.getByLabelText('Six-digit code')).toHaveValue('000000');
  });
});

describe('sessions', () => {
  const session = (id: string, current = false) => ({ id, createdAt: '2025-06-01T10:00:00Z', lastUsedAt: '2025-06-01T10:00:00Z', address: '10.0.0.9', agent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/120 Safari/537', current });

  it('ends one, or all others, but not the one in use', async () => {
    const ended: string[] = [];
    const end = (request: Request) => {
      ended.push(new URL(request.url).pathname.split('/').at(-1) ?? '');
      return { body: { message: '' } };
    };
    serve({ ...signedIn(), 'GET /api/v1/user/sessions': { body: { data: [session('a', true), session('b'), session('c')] } }, 'DELETE /api/v1/user/sessions/b': end, 'DELETE /api/v1/user/sessions/c': end });
    renderInApp(<SessionsPage />);
    expect(await screen.findByText('You are signed in on 3 devices.')).toBeVisible();
    expect(screen.getAllByRole('button', { name: 'End the session: Chrome on Linux' })).toHaveLength(2);
    await userEvent.click(screen.getByRole('button', { name: 'End all 2 others' }));
    expect(await screen.findByText('All other sessions have ended.')).toBeVisible();
    expect(ended).toEqual(['b', 'c']);
  });
});

describe('API keys', () => {
  const KEYS = 'GET /api/v1/user/api-keys';
  const key = { id: 'k1', name: 'nightly', prefix: 'omx_ab', scopes: ['tables:read'], createdAt: '2025-06-01T10:00:00Z', lastUsedAt: null, expiresAt: null };

  it('offers the scopes that the person has, in words, and shows the key this once', async () => {
    const seen = serve({ ...signedIn('sql:run'), [KEYS]: { body: { data: [] } }, 'POST /api/v1/user/api-keys': { status: 201, body: { ...key, key: 'omx_abcdef' } } });
    renderInApp(<KeysPage />);
    await userEvent.click((await screen.findAllByRole('button', { name: 'New key' }))[0]!);
    const dialog = within(screen.getByRole('dialog'));
    expect(dialog.getAllByRole('checkbox')).toHaveLength(3);
    await userEvent.type(dialog.getByLabelText('Name'), 'nightly');
    expect(dialog.getByRole('button', { name: 'Create the key' })).toBeDisabled();
    await userEvent.click(dialog.getByRole('checkbox', { name: /Ask questions in SQL/ }));
    await userEvent.click(dialog.getByRole('button', { name: 'Create the key' }));
    expect(await screen.findByText('omx_abcdef')).toBeVisible();
    expect(await bodyOf(seen, 'POST', '/api/v1/user/api-keys')).toMatchObject({ name: 'nightly', scopes: ['sql:run'] });
    await userEvent.click(screen.getByRole('button', { name: 'Done' }));
    await expect.poll(() => screen.queryByText('omx_abcdef')).toBeNull();
  });

  it('revokes after the name was typed', async () => {
    let isRevoked = false;
    serve({ ...signedIn(), [KEYS]: () => ({ body: { data: isRevoked ? [] : [key] } }), 'DELETE /api/v1/user/api-keys/k1': () => { isRevoked = true; return { body: { message: '' } }; } });
    renderInApp(<KeysPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Revoke nightly' }));
    const confirm = within(screen.getByRole('dialog')).getByRole('button', { name: 'Revoke' });
    expect(confirm).toBeDisabled();
    await userEvent.type(screen.getByRole('textbox', { name: /Type nightly/ }), 'nightly');
    await userEvent.click(confirm);
    expect(await screen.findByText('No keys yet')).toBeVisible();
  });
});

it.each([
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1', 'Safari', 'iPhone'],
  ['Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0', 'Edge', 'Windows'],
  ['python-httpx/0.28.1', 'python-httpx', undefined],
])('names the device of %s', (agent, browser, system) => {
  expect(deviceOf(agent)).toEqual({ browser, system });
});
