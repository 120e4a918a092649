import type { Feature } from '@/lib/feature';

const feature: Feature = {
  access: 'public',
  pages: [
    { path: '/sign-in', title: { en: 'Sign in', he: 'כניסה' }, load: () => import('./sign-in-page'), outline: 'form' },
    { path: '/register', title: { en: 'Create an account', he: 'פתיחת חשבון' }, load: () => import('./register-page'), outline: 'form' },
    { path: '/forgot-password', title: { en: 'Forgotten password', he: 'שכחתי סיסמה' }, load: () => import('./forgot-page'), outline: 'form' },
    { path: '/reset-password', title: { en: 'New password', he: 'סיסמה חדשה' }, load: () => import('./reset-page'), outline: 'form' },
    { path: '/verify-email', title: { en: 'Confirm e-mail', he: 'אישור דוא״ל' }, load: () => import('./verify-page'), outline: 'form' },
    { path: '/setup', title: { en: 'Set up', he: 'הקמה' }, load: () => import('./setup-page'), outline: 'form' },
  ],
};

export default feature;
