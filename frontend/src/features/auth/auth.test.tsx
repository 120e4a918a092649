import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, expect, it } from 'vitest';

import { dropSession } from '@/api/session';
import { renderInApp, serve } from '@/testing/render';

import RegisterPage from './register-page';
import ResetPage from './reset-page';
import SetupPage from './setup-page';
import SignInPage from './sign-in-page';
import VerifyPage from './verify-page';

const user = { id: '1', email: 'dana@shop.example', name: 'Dana', role: 'admin', language: 'en', theme: 'auto', permissions: ['self'] };
const session = { accessToken: 't', expiresIn: 900, user, message: 'Signed in.' };

afterEach(dropSession);

const pages = (
  <Routes>
    <Route path="/sign-in" element={<SignInPage />} />
    <Route path="*" element={<p>the page</p>} />
  </Routes>
);

async function signIn(password: string) {
  const person = userEvent.setup();
  await person.type(screen.getByLabelText('E-mail'), user.email);
  await person.click(screen.getByLabelText('Password'));
  await person.paste(password);
  await person.keyboard('{Enter}');
  return person;
}

it('signs in by a cookie and goes on to where the person wanted to go', async () => {
  const seen = serve({ 'POST /api/v1/auth/login': { body: session } });
  renderInApp(pages, { path: '/sign-in?next=%2Fruns' });
  await signIn('a good password');
  expect(await screen.findByText('the page')).toBeVisible();
  expect(await seen[0]?.json()).toEqual({ email: user.email, password: 'a good password', cookie: true });
});

it('keeps what was typed when the service says no', async () => {
  serve({ 'POST /api/v1/auth/login': { status: 401, body: { detail: 'Not right.', step: 'Check them.' } } });
  renderInApp(pages, { path: '/sign-in' });
  await signIn('a bad password');
  expect(await screen.findByText('Check them.')).toBeVisible();
  expect(screen.getByLabelText('E-mail')).toHaveValue(user.email);
  expect(screen.getByLabelText('Password')).toHaveValue('a bad password');
});

it('asks for a code where two-factor is on, or for a recovery code', async () => {
  const seen = serve({
    'POST /api/v1/auth/login': { body: { twoFactorRequired: true, challenge: 'c1', expiresIn: 300, message: '' } },
    'POST /api/v1/auth/two-factor': { body: session },
  });
  renderInApp(pages, { path: '/sign-in' });
  const person = await signIn('a good password');
  expect(await screen.findByLabelText('Code')).toHaveAttribute('autocomplete', 'one-time-code');
  await person.click(screen.getByRole('button', { name: 'Use a recovery code' }));
  await person.type(screen.getByLabelText('Recovery code'), ' abcd-1234 {Enter}');
  expect(await screen.findByText('the page')).toBeVisible();
  expect(await seen[1]?.json()).toEqual({ challenge: 'c1', code: 'abcd-1234', cookie: true });
});

it.each(['//evil.example/x', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)'])('does not lead away to %s', async (next) => {
  serve({ 'POST /api/v1/auth/login': { body: session } });
  const away = (
    <Routes>
      <Route path="/sign-in" element={<SignInPage />} />
      <Route path="/" element={<p>home</p>} />
    </Routes>
  );
  renderInApp(away, { path: `/sign-in?next=${encodeURIComponent(next)}` });
  await signIn('a good password');
  expect(await screen.findByText('home')).toBeVisible();
});

it('registers, names the field that is wrong, and says the same for every address', async () => {
  const person = userEvent.setup();
  let isRight = false;
  const refused = { status: 422, body: { detail: 'No address.', errors: [{ field: 'email', message: 'This is no e-mail address.' }] } };
  serve({
    'POST /api/v1/auth/register': () => (isRight ? { status: 201, body: { message: 'x' } } : refused),
    'POST /api/v1/auth/password-strength': { body: { score: 1, ok: false, warning: 'Common.', suggestions: [] } },
  });
  renderInApp(<RegisterPage />);
  await person.type(screen.getByLabelText('E-mail'), 'dana');
  await person.type(screen.getByLabelText('Password'), 'password');
  expect(await screen.findByText('easy to guess')).toBeVisible();
  await person.click(screen.getByRole('button', { name: 'Create an account' }));
  expect(await screen.findByText('This is no e-mail address.')).toBeVisible();
  isRight = true;
  await person.click(screen.getByRole('button', { name: 'Create an account' }));
  expect(await screen.findByRole('heading', { name: 'Look into your mail' })).toBeVisible();
});

it('redeems a link once, and takes its token out of the address', async () => {
  const seen = serve({ 'POST /api/v1/auth/verify-email': { body: { message: 'x' } } });
  renderInApp(<VerifyPage />, { path: '/verify-email?token=secret' });
  expect(await screen.findByRole('heading', { name: 'Your address is confirmed' })).toBeVisible();
  expect(seen).toHaveLength(1);
  expect(window.location.search).toBe('');
});

it('offers a new link when the old one does not work', async () => {
  serve({ 'POST /api/v1/auth/verify-email': { status: 401 }, 'POST /api/v1/auth/resend-verification': { body: { message: 'x' } } });
  renderInApp(<VerifyPage />, { path: '/verify-email?token=old' });
  const person = userEvent.setup();
  await person.type(await screen.findByLabelText('E-mail'), user.email);
  await person.click(screen.getByRole('button', { name: 'Send it again' }));
  expect(await screen.findByRole('heading', { name: 'Look into your mail' })).toBeVisible();
});

it('says so when a link is not complete', () => {
  renderInApp(<ResetPage />, { path: '/reset-password' });
  expect(screen.getByRole('heading', { name: 'This link is not complete' })).toBeVisible();
});

it('sends the new password with the token of the link', async () => {
  const seen = serve({
    'POST /api/v1/auth/reset-password': { body: { message: 'x' } },
    'POST /api/v1/auth/password-strength': { body: { score: 4, ok: true, warning: '', suggestions: [] } },
  });
  renderInApp(<ResetPage />, { path: '/reset-password#token=secret' });
  const person = userEvent.setup();
  await person.type(screen.getByLabelText('New password'), 'correct horse battery{Enter}');
  expect(await screen.findByRole('heading', { name: 'The password is changed' })).toBeVisible();
  const sent = seen.find((request) => request.url.endsWith('reset-password'));
  expect(await sent?.json()).toEqual({ token: 'secret', newPassword: 'correct horse battery' });
});

it('makes the first administrator only while there is none', async () => {
  serve({ 'GET /api/v1/auth/setup': { body: { needed: false } } });
  renderInApp(<SetupPage />, { path: '/setup?token=secret' });
  expect(await screen.findByRole('heading', { name: 'omnix is set up already' })).toBeVisible();
});
