import { Box } from '@mui/material';

import { mono } from '@/theme/tokens';

const WORDS = 'select|from|where|join|left|right|inner|full|cross|asof|on|using|group|by|order|having|with|as|and|or|not|in|is|null|case|when|then|else|end|union|all|distinct|over|partition|qualify|limit|between|like|cast|interval|exists|filter|desc|asc|nulls|last|first';
const TOKEN = new RegExp(`('(?:[^']|'')*')|(--[^\\n]*)|(\\$\\w+)|\\b(${WORDS})\\b`, 'gi');
const COLORS = { text: 'success.main', note: 'text.secondary', value: 'warning.main', word: 'primary.main' } as const;

type Kind = keyof typeof COLORS | null;

/** A statement cut where its colours change. */
export function tokens(sql: string): { text: string; kind: Kind }[] {
  const found: { text: string; kind: Kind }[] = [];
  let at = 0;
  for (const match of sql.matchAll(TOKEN)) {
    if (match.index > at) found.push({ text: sql.slice(at, match.index), kind: null });
    found.push({ text: match[0], kind: match[1] ? 'text' : match[2] ? 'note' : match[3] ? 'value' : 'word' });
    at = match.index + match[0].length;
  }
  return at < sql.length ? [...found, { text: sql.slice(at), kind: null }] : found;
}

/** SQL as it is read, always from left to right. */
export function SqlText({ sql, isBlock = false }: { sql: string; isBlock?: boolean }) {
  return (
    <Box component={isBlock ? 'pre' : 'code'} dir="ltr" tabIndex={isBlock ? 0 : undefined}
      sx={{
        m: 0, fontFamily: mono, fontSize: 'caption.fontSize', lineHeight: 1.6, textAlign: 'start', overflowWrap: 'anywhere', whiteSpace: isBlock ? 'pre' : 'pre-wrap',
        ...(isBlock ? { bgcolor: 'surface.sunken', borderRadius: 1, p: 4, overflow: 'auto', maxHeight: 560 } : { color: 'text.secondary' }),
      }}>
      {tokens(sql).map(({ text, kind }, index) => (kind === null || !isBlock ? text : <Box component="span" key={index} sx={{ color: COLORS[kind] }}>{text}</Box>))}
    </Box>
  );
}
