import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';

import { answer, api } from '@/api/client';
import type { User } from '@/api/types';

export type Role = User['role'];
export const ROLES = ['admin', 'manager', 'analyst', 'customer'] as const satisfies readonly Role[];

export interface Wanted {
  search: string;
  role: Role | '';
}

export const usersQuery = ({ search, role }: Wanted) =>
  infiniteQueryOptions({
    queryKey: ['users', search, role],
    queryFn: ({ signal, pageParam }) => {
      const query = { ...(search && { search }), ...(role && { role }), ...(pageParam && { cursor: pageParam }) };
      return answer(api.GET('/api/v1/admin/users', { params: { query }, signal }));
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });

interface Change {
  user: User;
  role?: Role;
  isActive?: boolean;
}

export function useUserChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ user, ...body }: Change) => answer(api.PATCH('/api/v1/admin/users/{id}', { params: { path: { id: user.id } }, body })),
    onSettled: () => client.invalidateQueries({ queryKey: ['users'] }),
  });
}

export function useInvite() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; name: string; role: Role }) => answer(api.POST('/api/v1/admin/users', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['users'] }),
  });
}
