import { useText } from '@/i18n/text';

import { texts } from '../texts';

const NAMES = { 'source to raw': 'sourceToRaw', 'raw to mapped': 'rawToMapped', 'mapped to curated': 'mappedToCurated' } as const;

/** The name of a step in the reader's words. */
export function useStepName(): (step: string) => string {
  const t = useText(texts);
  return (step) => (step in NAMES ? t(NAMES[step as keyof typeof NAMES]) : step);
}
