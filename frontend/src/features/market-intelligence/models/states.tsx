import { Chip } from '@mui/material';

import { useText } from '@/i18n/text';

import { texts, type Texts } from './texts';

const STATES: Readonly<Record<string, keyof Texts & ('champion' | 'challenger' | 'refused' | 'former' | 'rolledBack' | 'registered')>> = {
  champion: 'champion', challenger: 'challenger', refused: 'refused', 'former champion': 'former', 'rolled back': 'rolledBack', registered: 'registered',
};

/** The state of a version in words. */
export function useStateName(): (state: string) => string {
  const t = useText(texts);
  return (state) => {
    const known = STATES[state];
    return known ? t(known) : state;
  };
}

export function StateChip({ state }: { state: string }) {
  const words = useStateName();
  const isChampion = state === 'champion';
  return <Chip size="small" label={words(state)} sx={{ bgcolor: isChampion ? 'tint.success' : 'surface.sunken', color: isChampion ? 'success.main' : 'text.secondary' }} />;
}
