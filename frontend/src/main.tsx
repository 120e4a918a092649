import '@/theme/fonts.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { hadSession, renewSession } from '@/api/session';
import { App } from '@/app/app';
import { preparePage } from '@/app/features';

// Session and page code are asked for at once, not one after the other; who needs them asks again and gets the same.
if (hadSession()) renewSession().catch(() => undefined);
preparePage(window.location.pathname);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
