import { DataTable, type Column } from '@/components/data-table';
import { useFormat, useText } from '@/i18n/text';

import { useFamilyName, useModelName } from '../names';
import type { Compared, Comparison } from '../types';
import { LEVEL } from './chance';
import { Sign } from './sign';
import { useSaid } from '../said/use-said';
import { texts } from './texts';

const SAME = 0.0005;

/** By how much a model's error is below the baseline's, in words. */
export function useMargin(): (margin: number | null) => string {
  const t = useText(texts);
  const format = useFormat();
  return (margin) => {
    if (margin === null) return '–';
    if (Math.abs(margin) < SAME) return t('marginSame');
    return t(margin > 0 ? 'marginLess' : 'marginMore', { share: format.percent(Math.abs(margin)) });
  };
}

function useChance(): (p: number | null) => string {
  const t = useText(texts);
  const format = useFormat();
  return (p) => (p === null ? '–' : t(p < LEVEL ? 'chanceNo' : 'chanceYes', { p: p < 0.001 ? '< 0.001' : format.number(p, 3) }));
}

/** Every model with its scores; the best first. */
export function ModelTable({ data }: { data: Comparison }) {
  const t = useText(texts);
  const format = useFormat();
  const model = useModelName();
  const family = useFamilyName();
  const margin = useMargin();
  const said = useSaid();
  const chance = useChance();
  const number = (value: number | null | undefined) => (typeof value === 'number' ? format.number(value) : '–');
  const percent = (value: number | null | undefined) => (typeof value === 'number' ? format.percent(value) : '–');
  const score = (key: 'mase' | 'r2', label: string): Column<Compared> => ({ key, label, kind: 'number', value: (row) => row[key] ?? null, render: (row) => number(row[key]) });
  const share = (key: 'wape' | 'smape' | 'coverage_80' | 'coverage_95', label: string, isOptional = false): Column<Compared> => ({
    key, label, kind: 'number', isOptional, value: (row) => row[key] ?? null, render: (row) => percent(row[key]),
  });
  const columns: Column<Compared>[] = [
    { key: 'model', label: t('model'), value: (row) => model(row.model), render: (row) => <><bdi>{model(row.model)}</bdi>{row.chosen && <Sign text={t('usedSign')} isStrong />}{row.is_baseline && <Sign text={t('baselineSign')} />}</> },
    { key: 'family', label: t('family'), isOptional: true, value: (row) => family(row.family) },
    score('mase', t('mase')),
    { key: 'margin', label: t('margin'), kind: 'number', value: (row) => row.margin, render: (row) => (row.is_baseline ? '–' : margin(row.margin)) },
    { key: 'p_value', label: t('chance'), value: (row) => row.p_value, render: (row) => (row.is_baseline ? '–' : chance(row.p_value)) },
    share('wape', t('wape')),
    share('smape', t('smape'), true),
    { ...score('r2', t('r2')), isOptional: true },
    share('coverage_80', t('coverage80')),
    share('coverage_95', t('coverage95'), true),
    { key: 'reason', label: t('reason'), isOptional: true, value: (row) => said(row.reason_said, row.reason), render: (row) => <span dir="auto">{said(row.reason_said, row.reason)}</span> },
  ];
  return <DataTable label={t('all')} columns={columns} rows={data.rows} rowKey={(row) => row.model} sortBy={{ key: 'mase' }} isPlain={false} fileName={`omnix-models-${data.level}-${data.item || 'all'}`} />;
}
