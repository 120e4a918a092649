import { Box, Typography } from '@mui/material';
import { useEffect, useRef } from 'react';

import { Section } from '@/components/section';
import { useLanguage, useText } from '@/i18n/text';
import { layout, mono } from '@/theme/tokens';

import { moment, type LogLine } from './model';
import { texts } from './texts';

/** Keeps the newest line in sight, unless the reader has scrolled back. */
function useTail(length: number) {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const onScroll = () => {
    const { scrollTop = 0, clientHeight = 0, scrollHeight = 0 } = box.current ?? {};
    isAtEnd.current = scrollTop + clientHeight > scrollHeight - layout.row;
  };
  useEffect(() => {
    if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [length]);
  return { ref: box, onScroll };
}

/** What the run said, line by line. */
export function Log({ lines, isLive }: { lines: readonly LogLine[]; isLive: boolean }) {
  const t = useText(texts);
  const { locale } = useLanguage();
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
  const tail = useTail(lines.length);
  return (
    <Section title={t('log')}>
      {lines.length === 0 && !isLive && <Typography variant="body2" color="text.secondary">{t('logEmpty')}</Typography>}
      {(lines.length > 0 || isLive) && (
        <Box {...tail} role="log" aria-label={t('log')} tabIndex={0} sx={{ maxHeight: layout.chart, minHeight: layout.row, overflow: 'auto', bgcolor: 'surface.sunken', borderRadius: 1, p: 3 }}>
          {lines.map((line, index) => (
            <Box key={index} sx={{ display: 'flex', gap: 3, py: 0.5 }}>
              <Typography variant="caption" component="time" color="text.secondary" sx={{ flexShrink: 0 }}>{line.at === '' ? '' : time.format(moment(line.at))}</Typography>
              <Typography variant="caption" dir="auto" sx={{ fontFamily: mono, overflowWrap: 'anywhere', minWidth: 0, flex: 1 }}>{line.message}</Typography>
            </Box>
          ))}
        </Box>
      )}
    </Section>
  );
}
