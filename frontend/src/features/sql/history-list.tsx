import { Box, ButtonBase, Typography } from '@mui/material';

import { Section } from '@/components/section';
import { useFormat, useText } from '@/i18n/text';
import { mono } from '@/theme/tokens';

import { useHistory } from './history';
import { texts } from './texts';

/** The queries of this session; a click brings one back. */
export function HistoryList({ onPick }: { onPick: (sql: string) => void }) {
  const t = useText(texts);
  const format = useFormat();
  const history = useHistory();
  if (history.length === 0) return null;
  return (
    <Section title={t('history')} about={t('historyAbout')}>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {history.map((each) => (
          <Box component="li" key={each.id} sx={{ borderTop: 1, borderColor: 'divider', '&:first-of-type': { borderTop: 0 } }}>
            <ButtonBase onClick={() => onPick(each.sql)} title={t('put', { sql: each.sql })} sx={{ width: 1, display: 'flex', flexWrap: 'wrap', columnGap: 4, rowGap: 1, justifyContent: 'space-between', textAlign: 'start', py: 3, px: 2, borderRadius: 1, '&:hover': { bgcolor: 'surface.hover' } }}>
              <Typography variant="caption" component="code" dir="ltr" sx={{ fontFamily: mono, flex: '1 1 240px', minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{each.sql.replaceAll(/\s+/g, ' ')}</Typography>
              <Typography variant="caption" color="text.secondary">{each.rows === null ? t('failedAt') : t('ranRows', { count: each.rows })} · {format.ago(new Date(each.at))}</Typography>
            </ButtonBase>
          </Box>
        ))}
      </Box>
    </Section>
  );
}
