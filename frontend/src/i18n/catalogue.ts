/**
 * Texts in every language, typed by their English form.
 *
 * English is part of the bundle; the others are loaded when the language is chosen.
 * A text with `{name}` takes that value; one in plural forms is chosen by `count`.
 */
import type { Language } from './language';

export type Plural = { readonly other: string } & { readonly [form in Exclude<Intl.LDMLPluralRule, 'other'>]?: string };
export type Message = string | Plural;
export type Messages = Readonly<Record<string, Message>>;

/** The same keys as `M`, each a text where that is a text and plural forms where it has them. */
export type Translation<M extends Messages> = { readonly [K in keyof M]: M[K] extends string ? string : Plural };

export interface Catalogue<M extends Messages> {
  readonly en: M;
  readonly load: (language: Exclude<Language, 'en'>) => Promise<Translation<M>>;
}

type Loaders<M extends Messages> = Record<Exclude<Language, 'en'>, () => Promise<{ default: Translation<M> }>>;

/** A catalogue from the English texts and a loader for each other language. */
export function createCatalogue<const M extends Messages>(en: M, loaders: Loaders<M>): Catalogue<M> {
  const loaded = new Map<Language, Promise<Translation<M>>>();
  return {
    en,
    load(language) {
      const texts = loaded.get(language) ?? loaders[language]().then((module) => module.default);
      loaded.set(language, texts);
      return texts;
    },
  };
}

type Named<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Named<Rest> : never;
type Forms<T> = T extends string ? Named<T> : 'count' | Named<T[keyof T]>;
type Values<T extends Message> = { readonly [Name in Forms<T>]: string | number };
type Given<T extends Message> = [Forms<T>] extends [never] ? [] : [values: Values<T>];

/** Writes the text of a key, with its values filled in. */
export type Translate<M extends Messages> = <K extends keyof M>(key: K, ...values: Given<M[K]>) => string;

/** The places of a text, by name. */
export function placeholders(message: Message): string[] {
  const text = typeof message === 'string' ? message : Object.values(message).join(' ');
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort();
}

/** A translator over texts; numbers are written in the language's way. */
export function translator<M extends Messages>(texts: Translation<M> | M, locale: string): Translate<M> {
  const numbers = new Intl.NumberFormat(locale);
  const rules = new Intl.PluralRules(locale);
  const write = (value: string | number) => (typeof value === 'number' ? numbers.format(value) : value);
  return (key, ...given) => {
    const values: Readonly<Record<string, string | number>> = given[0] ?? {};
    const message: Message = texts[key] as Message;
    const text = typeof message === 'string' ? message : (message[rules.select(Number(values.count))] ?? message.other);
    return text.replace(/\{(\w+)\}/g, (place, name: string) => write(values[name] ?? place));
  };
}
