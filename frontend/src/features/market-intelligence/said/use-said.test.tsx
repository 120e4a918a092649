import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import { renderInHebrew } from '@/testing/hebrew';
import { renderInApp } from '@/testing/render';

import type { Said } from '../types';
import he from './texts.he';
import { useClosed, useSaid } from './use-said';

const LOWEST: Said = { code: 'lowest_error', words: 'English', values: { candidates: 14, cuts: 5, margin: 0.12, baseline: 'seasonal_naive', next: 'theta' } };
const AS_GROUP: Said = { code: 'as_group', words: 'English', values: { level: 'product', series_class: 'lumpy', because: [LOWEST] } };
const TOO_NEW: Said = { code: 'too_new', words: 'English', values: { day: '2026-06-03', length: { count: 12, grain: 'day' } } };

function Sentence({ said, words = 'English' }: { said: readonly Said[] | undefined; words?: string }) {
  return <p>{useSaid()(said, words)}</p>;
}

function Closed() {
  return <p>{useClosed()({ weekdays: [5, 6], days: ['2026-07-10', '2026-07-13'] }).join(' ')}</p>;
}

describe('sentences of the service', () => {
  it('name models, levels and shares as the pages do', () => {
    renderInApp(<Sentence said={[AS_GROUP]} />);
    expect(screen.getByText('Not tried by itself; as its kind (Product, rare and uneven): Lowest error of 14 models in 5 tests on the past: 12% below seasonal repetition; next best: Theta.')).toBeVisible();
  });

  it('follow each other', () => {
    renderInApp(<Sentence said={[TOO_NEW, { code: 'need_season', words: 'English', values: {} }]} />);
    expect(screen.getByText('It was first sold on Jun 3, 2026: 12 days of history are too few to try a forecast on before it is shown. The season of the year needs two years.')).toBeVisible();
  });

  it('are the service’s own where it cannot name them', () => {
    renderInApp(<><Sentence said={[]} words="As it is." /><Sentence said={undefined} words="As it was." /><Sentence said={[{ ...LOWEST, code: 'later' } as unknown as Said]} /></>);
    expect(screen.getByText('As it is.')).toBeVisible();
    expect(screen.getByText('As it was.')).toBeVisible();
    expect(screen.getByText('English')).toBeVisible();
  });

  it('keep what a person has written', () => {
    renderInApp(<Sentence said={[{ code: 'because_version', words: 'English', values: { version: '1.2.0', because: 'too high in June' } }]} />);
    expect(screen.getByText('1.2.0: too high in June')).toBeVisible();
  });

  it('speak Hebrew to their last part', async () => {
    await renderInHebrew(<><Sentence said={[AS_GROUP]} /><Sentence said={[TOO_NEW]} /><Closed /></>);
    expect(screen.getByText(/^לא נבדק בעצמו; כמו סוגו \(מוצר, נדיר ותנודתי\): הטעות הקטנה ביותר מבין 14 מודלים/)).toBeVisible();
    expect(screen.getByText(/היסטוריה של 12 ימים קצרה מכדי/)).toBeVisible();
    expect(screen.getByText(/^סגור תמיד ביום שבת/)).toBeVisible();
    expect(screen.queryByText(/English/)).toBeNull();
  });

  it('tell when the shop is closed', () => {
    renderInApp(<Closed />);
    expect(screen.getByText('Closed every Saturday and Sunday. Closed on Jul 10, 2026 and Jul 13, 2026.')).toBeVisible();
  });

  it('are Hebrew in Hebrew, names of tables, files and people aside', () => {
    const isEnglish = (text: string) => /(?:[A-Za-z]{3,} ){3}/.test(text.replace(/`[^`]*`|\([^)]*\)|\{\w+\}/g, ''));
    expect(Object.entries(he).flatMap(([code, text]) => Object.values(typeof text === 'string' ? { text } : text).filter(isEnglish).map(() => code))).toEqual([]);
  });
});
