import { Box, Button, Skeleton, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { FileDown } from 'lucide-react';

import { ErrorState } from '@/components/error-state';
import { Prose } from '@/components/prose';
import { Section } from '@/components/section';
import { useLanguage, useText } from '@/i18n/text';
import { saveBlob } from '@/lib/download';

import { cardQuery } from '../queries';
import { useSaid } from '../said/use-said';
import type { ModelVersion } from '../types';
import { blocks, type Block } from './markdown';
import { texts } from './texts';

const cellStyle = { '& th, & td': { py: 2, px: 2, textAlign: 'start', borderBottom: 1, borderColor: 'divider', verticalAlign: 'top' }, '& th': { fontWeight: 500, color: 'text.secondary' } };

function Part({ block }: { block: Block }) {
  if (block.kind === 'heading') return <Typography variant={block.level === 1 ? 'h3' : 'h4'} component={block.level === 1 ? 'h3' : 'h4'} sx={{ mt: block.level === 1 ? 0 : 3 }}><Prose text={block.text} /></Typography>;
  if (block.kind === 'list') return <Box component="ul" sx={{ m: 0, paddingInlineStart: 5 }}>{block.items.map((item) => <Typography key={item} component="li" variant="body2"><Prose text={item} /></Typography>)}</Box>;
  if (block.kind === 'paragraph') return <Typography variant="body2" component="p" sx={{ m: 0 }}><Prose text={block.text} /></Typography>;
  const hasHeader = block.header.some((name) => name !== '');
  return (
    <Box tabIndex={0} role="group" aria-label={block.header.filter(Boolean).join(', ') || block.rows[0]?.[0]} sx={{ overflowX: 'auto' }}>
      <Box component="table" sx={{ borderCollapse: 'collapse', typography: 'body2', width: 1, ...cellStyle }}>
        {hasHeader && <thead><tr>{block.header.map((name, index) => <th key={index} scope="col">{name}</th>)}</tr></thead>}
        <tbody>{block.rows.map((row, index) => <tr key={index}>{row.map((cell, place) => <Box component="td" key={place} sx={{ overflowWrap: 'anywhere' }}><Prose text={cell} /></Box>)}</tr>)}</tbody>
      </Box>
    </Box>
  );
}

/** What the card says, in the page's language: what it is for, what it was made of, where not to trust it, why these models. */
function InWords({ version }: { version: ModelVersion }) {
  const t = useText(texts);
  const said = useSaid();
  const limits = version.limits.map((limit, index) => said(version.limits_said[index], limit));
  // What single models say of themselves in figures stands in the card alone.
  const why = version.drivers.filter((driver) => driver.said.length > 0).map((driver) => said(driver.said, driver.words));
  const list = (title: string, items: readonly string[]) => items.length > 0 && (
    <div>
      <Typography variant="h4" component="h3" sx={{ mb: 1 }}>{title}</Typography>
      <Box component="ul" sx={{ m: 0, paddingInlineStart: 5 }}>{items.map((item) => <Typography key={item} component="li" variant="body2"><Prose text={item} /></Typography>)}</Box>
    </div>
  );
  return (
    <>
      <Typography variant="body2" component="p" sx={{ m: 0 }}><Prose text={said(version.purpose_said, version.purpose)} /></Typography>
      {version.trained_on !== '' && <Typography variant="body2" component="p" sx={{ m: 0 }}>{t('trainedOn')} <Prose text={said(version.trained_on_said, version.trained_on)} /></Typography>}
      {list(t('limits'), limits)}
      {list(t('whyThese'), why)}
      <Typography variant="caption" component="p" color="text.secondary" sx={{ m: 0 }}>{t('cardEnglish')}</Typography>
    </>
  );
}

/** The model card, as the service writes it; elsewhere than in English what it says, and the card to save. */
export function ModelCard({ name, version }: { name: string; version: ModelVersion }) {
  const t = useText(texts);
  const { language } = useLanguage();
  const { data, error, refetch } = useQuery(cardQuery(name));
  const save = () => data !== undefined && saveBlob(new Blob([data], { type: 'text/markdown;charset=utf-8' }), `${name}.md`);
  return (
    <Section title={t('card')} about={t('cardAbout')} actions={data !== undefined && <Button size="small" variant="outlined" startIcon={<FileDown size={16} aria-hidden />} onClick={save}>{t('saveCard')}</Button>}>
      {language !== 'en' && <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: 'minmax(0, 1fr)' }}><InWords version={version} /></Box>}
      {language === 'en' && data !== undefined && <Box dir="ltr" lang="en" sx={{ display: 'grid', gap: 3, gridTemplateColumns: 'minmax(0, 1fr)', textAlign: 'start' }}>{blocks(data).map((block, index) => <Part key={index} block={block} />)}</Box>}
      {data === undefined && error && <ErrorState error={error} onRetry={() => void refetch()} isCompact />}
      {language === 'en' && data === undefined && !error && <Skeleton height={320} />}
    </Section>
  );
}
