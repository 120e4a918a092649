import type { Permission } from '@/api/types';

const READER: readonly Permission[] = ['self', 'tables:read'];

/** Replies that make a person of these permissions signed in; call before rendering. */
export function signedIn(...permissions: Permission[]) {
  localStorage.setItem('omnix.session', '1');
  const user = {
    id: 'u1', email: 'dana@shop.example', name: 'Dana', role: 'analyst', isActive: true, emailVerified: true, twoFactorEnabled: false,
    language: 'en', theme: 'auto', createdAt: '2026-01-01T00:00:00Z', lastLoginAt: null, permissions: [...READER, ...permissions],
  };
  return { 'POST /api/v1/auth/refresh': { body: { accessToken: 'token', expiresIn: 900, user } } };
}
