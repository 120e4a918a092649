import { createContext, use, useCallback, useEffect, useMemo, useState, useTransition, type ReactNode } from 'react';

import { translator, type Catalogue, type Messages, type Translate } from './catalogue';
import { createFormat, type Format } from './format';
import { directionOf, localeOf, storedLanguage, storeLanguage, type Direction, type Language, type LocalText } from './language';

interface Choice {
  language: Language;
  locale: string;
  direction: Direction;
  format: Format;
  choose: (language: Language) => void;
}

function choiceOf(language: Language, choose: (language: Language) => void): Choice {
  const locale = localeOf(language);
  return { language, locale, direction: directionOf(language), format: createFormat(locale), choose };
}

const LanguageContext = createContext<Choice>(choiceOf('en', () => undefined));

/** Holds the language of the page: `lang` and `dir` of the document follow it. */
export function LanguageProvider({ children, initial }: { children: ReactNode; initial?: Language }) {
  const [language, setLanguage] = useState(() => initial ?? storedLanguage());
  const [, startTransition] = useTransition();
  // In a transition, so that the page stays as it is until the texts are there.
  const choose = useCallback((next: Language) => {
    storeLanguage(next);
    startTransition(() => setLanguage(next));
  }, []);
  const choice = useMemo(() => choiceOf(language, choose), [language, choose]);
  useEffect(() => {
    document.documentElement.lang = choice.language;
    document.documentElement.dir = choice.direction;
  }, [choice]);
  return <LanguageContext value={choice}>{children}</LanguageContext>;
}

/** The language, its direction and how to choose another. */
export function useLanguage(): Choice {
  return use(LanguageContext);
}

/** Numbers, money and dates in the reader's way. */
export function useFormat(): Format {
  return use(LanguageContext).format;
}

/** The translator of a catalogue; suspends while a language is being loaded. */
export function useText<M extends Messages>(catalogue: Catalogue<M>): Translate<M> {
  const { language, locale } = use(LanguageContext);
  const texts = language === 'en' ? catalogue.en : use(catalogue.load(language));
  return useMemo(() => translator<M>(texts, locale), [texts, locale]);
}

/** Picks the words of the page's language. */
export function useLocalText(): (text: LocalText) => string {
  const { language } = use(LanguageContext);
  return useCallback((text) => text[language], [language]);
}
