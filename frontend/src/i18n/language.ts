export const LANGUAGES = ['en', 'he'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Direction = 'ltr' | 'rtl';

/** The few words that must be there before a catalogue is: a page's name in the rail. */
export type LocalText = Readonly<Record<Language, string>>;

export const NAMES: LocalText = { en: 'English', he: 'עברית' };

const FALLBACK: LocalText = { en: 'en-GB', he: 'he-IL' };
const KEY = 'omnix.language';

export function directionOf(language: Language): Direction {
  return language === 'he' ? 'rtl' : 'ltr';
}

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.includes(value as Language);
}

/** The reader's own region where the browser names one for this language. */
export function localeOf(language: Language): string {
  return navigator.languages.find((tag) => tag.startsWith(`${language}-`)) ?? FALLBACK[language];
}

/** The language chosen last, else the browser's first that is known, else English. */
export function storedLanguage(): Language {
  const stored = localStorage.getItem(KEY);
  if (isLanguage(stored)) return stored;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en';
}

export function storeLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
}
