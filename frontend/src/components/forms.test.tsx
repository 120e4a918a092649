import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it, vi } from 'vitest';

import { ApiError, OfflineError } from '@/api/problem';
import { renderInApp } from '@/testing/render';

import { ConfirmByTyping } from './confirm-by-typing';
import { CopyField } from './copy-field';
import { EmptyState } from './empty-state';
import { ErrorState } from './error-state';
import { FormError, fieldsOf } from './form-error';
import { FormField } from './form-field';

function Password() {
  const [value, setValue] = useState('');
  return <FormField label="Password" type="password" value={value} onChange={setValue} error="Too short." />;
}

it('a password can be pasted and shown, and its error is read with it', async () => {
  const user = userEvent.setup();
  renderInApp(<Password />);
  const field = screen.getByLabelText('Password');
  await user.click(field);
  await user.paste('correct horse');
  expect(field).toHaveValue('correct horse');
  expect(field).toHaveAccessibleDescription('Too short.');
  await user.click(screen.getByRole('button', { name: 'Show password' }));
  expect(field).toHaveAttribute('type', 'text');
});

it('what cannot be undone waits for its name', async () => {
  const user = userEvent.setup();
  const onConfirm = vi.fn();
  renderInApp(<ConfirmByTyping isOpen title="Revoke" word="till" action="Revoke" onConfirm={onConfirm} onClose={vi.fn()}>It stops working.</ConfirmByTyping>);
  const act = screen.getByRole('button', { name: 'Revoke' });
  await user.type(screen.getByLabelText('Type till to confirm'), 'til');
  expect(act).toBeDisabled();
  await user.keyboard('{Enter}');
  expect(onConfirm).not.toHaveBeenCalled();
  await user.type(screen.getByLabelText('Type till to confirm'), 'l{Enter}');
  expect(onConfirm).toHaveBeenCalledOnce();
});

it('a value is copied, and that is said', async () => {
  const user = userEvent.setup();
  renderInApp(<CopyField label="API key" value="omx_1" />);
  await user.click(screen.getByRole('button', { name: 'Copy: API key' }));
  expect(await navigator.clipboard.readText()).toBe('omx_1');
  expect(screen.getByRole('status')).toHaveTextContent('Copied');
});

it('an error says what happened and what to do, once', () => {
  const refused = new ApiError(422, { detail: 'The name is taken.', errors: [{ field: 'name', message: 'Taken.' }] });
  expect(fieldsOf(refused).name).toBe('Taken.');
  expect(renderInApp(<FormError error={refused} />).container).toBeEmptyDOMElement();
  expect(renderInApp(<FormError error={new ApiError(409, { detail: 'Too late.', step: 'Ask again.' })} />).container).toHaveTextContent('Too late.Ask again.');
  expect(renderInApp(<FormError error={new OfflineError('x')} />).container).toHaveTextContent('What you typed is still here.');
});

it('a place that failed offers another try and a reference', async () => {
  const user = userEvent.setup();
  const onRetry = vi.fn();
  renderInApp(<ErrorState error={new ApiError(500, { detail: 'The store is locked.', request_id: 'r-7' })} onRetry={onRetry} />);
  expect(screen.getByRole('alert')).toHaveTextContent('The store is locked.');
  expect(screen.getByRole('alert')).toHaveTextContent('r-7');
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(onRetry).toHaveBeenCalledOnce();
});

it('an empty place has one button', () => {
  renderInApp(<EmptyState title="No runs" text="Start one." action={{ label: 'Start', onClick: vi.fn() }} />);
  expect(screen.getAllByRole('button')).toHaveLength(1);
});
