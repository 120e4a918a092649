import { useColorScheme } from '@mui/material/styles';

export const SCHEMES = ['light', 'dark', 'auto'] as const;
export type Scheme = (typeof SCHEMES)[number];

/** The chosen scheme and how to choose another; `auto` follows the device. */
export function useScheme(): { scheme: Scheme; choose: (scheme: Scheme) => void } {
  const { mode, setMode } = useColorScheme();
  const scheme = mode === 'light' || mode === 'dark' ? mode : 'auto';
  return { scheme, choose: (next) => setMode(next === 'auto' ? 'system' : next) };
}
