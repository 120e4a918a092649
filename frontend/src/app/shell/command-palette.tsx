import { Box, Dialog, InputBase, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Search, Table2, type LucideIcon } from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';

import { catalogQuery } from '@/api/queries';
import { PAGES } from '@/app/features';
import { texts } from '@/app/texts';
import { useLocalText, useText } from '@/i18n/text';
import { useCan } from '@/lib/session';

interface Entry {
  to: string;
  name: string;
  about: string;
  group: 'pages' | 'tables';
  icon: LucideIcon;
}

const MOST = 12;

function useEntries(): Entry[] {
  const can = useCan();
  const local = useLocalText();
  const catalog = useQuery({ ...catalogQuery, enabled: can('tables:read'), refetchInterval: false });
  const pages = PAGES.filter((page) => !page.isPublic && !page.path.includes(':') && can(page.permission)).map((page) => ({
    to: page.path, name: local(page.title), about: '', group: 'pages' as const, icon: page.nav?.icon ?? Search,
  }));
  const tables = (catalog.data?.tables ?? []).map((table) => ({
    to: `/data/${table.name}`, name: table.name, about: table.about, group: 'tables' as const, icon: Table2,
  }));
  return [...pages, ...tables];
}

/** Names that begin with the words come before names that hold them. */
function search(entries: Entry[], words: string): Entry[] {
  const wanted = words.trim().toLowerCase();
  const rank = (entry: Entry) => {
    const at = entry.name.toLowerCase().indexOf(wanted);
    return at === 0 ? 0 : at > 0 ? 1 : entry.about.toLowerCase().includes(wanted) ? 2 : 3;
  };
  return entries
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter((found) => found.rank < 3)
    .sort((one, other) => one.rank - other.rank || one.entry.group.localeCompare(other.entry.group))
    .slice(0, MOST)
    .map((found) => found.entry);
}

interface OptionProps {
  entry: Entry;
  id: string;
  isChosen: boolean;
  onGo: () => void;
  onPoint: () => void;
}

function Option({ entry, id, isChosen, onGo, onPoint }: OptionProps) {
  const t = useText(texts);
  const Icon = entry.icon;
  return (
    <Box id={id} role="option" aria-selected={isChosen} onClick={onGo} onPointerMove={onPoint}
      sx={{ display: 'flex', alignItems: 'center', gap: 3, px: 3, minHeight: 44, borderRadius: 1, cursor: 'pointer', bgcolor: isChosen ? 'surface.hover' : undefined }}>
      <Icon size={17} strokeWidth={1.75} aria-hidden />
      <Typography variant="body2" component="span" dir="auto" noWrap sx={{ fontWeight: 500, flexShrink: 0, maxWidth: '60%' }}>{entry.name}</Typography>
      <Typography variant="caption" component="span" color="text.secondary" dir="auto" noWrap sx={{ flex: 1 }}>{entry.about}</Typography>
      <Typography variant="caption" component="span" color="text.muted">{t(entry.group)}</Typography>
    </Box>
  );
}

/** Finds pages and tables by name; arrows choose, Enter goes. */
export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const t = useText(texts);
  const id = useId();
  const navigate = useNavigate();
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = search(useEntries(), words);
  const go = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    onClose();
    void navigate(entry.to);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter') go(found[chosen]);
    if (step === undefined || found.length === 0) return;
    event.preventDefault();
    setChosen((chosen + step + found.length) % found.length);
  };
  return (
    <Dialog open onClose={onClose} aria-label={t('find')} fullWidth maxWidth="sm" sx={{ '& .MuiDialog-container': { alignItems: 'flex-start' } }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 3, px: 5, minHeight: 56, borderBottom: 1, borderColor: 'divider' }}>
        <Search size={18} aria-hidden />
        <InputBase
          autoFocus fullWidth placeholder={t('find')} value={words} onKeyDown={onKey}
          onChange={(event) => { setWords(event.target.value); setChosen(0); }}
          inputProps={{ role: 'combobox', 'aria-label': t('find'), 'aria-expanded': true, 'aria-controls': `${id}-list`, 'aria-activedescendant': found.length > 0 ? `${id}-${chosen}` : undefined, autoComplete: 'off' }}
        />
      </Box>
      <Box id={`${id}-list`} role="listbox" aria-label={t('find')} sx={{ p: 2, overflowY: 'auto' }}>
        {found.map((entry, index) => (
          <Option key={entry.to} id={`${id}-${index}`} entry={entry} isChosen={index === chosen} onGo={() => go(entry)} onPoint={() => setChosen(index)} />
        ))}
      </Box>
      {found.length === 0 && <Typography variant="body2" color="text.secondary" role="status" sx={{ px: 5, pb: 5 }}>{t('noResult', { text: words })}</Typography>}
    </Dialog>
  );
}
