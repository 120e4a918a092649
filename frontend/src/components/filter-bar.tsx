import { Box, Button, ButtonBase, Drawer, InputAdornment, Menu, MenuItem, TextField, Typography } from '@mui/material';
import { Check, ChevronDown, ListFilter, Search } from 'lucide-react';
import { useId, useState } from 'react';

import { useText } from '@/i18n/text';
import { layout } from '@/theme/tokens';

import { filterTexts } from './filter-texts';
import { useIsPhone } from './use-is-phone';

interface Option {
  value: string;
  label: string;
  /** How many there are. */
  count?: number;
}

export interface FilterGroup {
  key: string;
  label: string;
  options: readonly Option[];
  /** Empty: no choice made. */
  value: string;
  onChange: (value: string) => void;
}

interface Props {
  groups: readonly FilterGroup[];
  search?: { label: string; value: string; onChange: (value: string) => void };
}

const chosenOf = (group: FilterGroup) => group.options.find((option) => option.value === group.value);

function SearchField({ label, value, onChange }: NonNullable<Props['search']>) {
  return (
    <TextField
      type="search"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      placeholder={label}
      sx={{ flex: '1 1 160px', maxWidth: { md: 280 } }}
      slotProps={{ htmlInput: { 'aria-label': label }, input: { startAdornment: <InputAdornment position="start"><Search size={16} aria-hidden /></InputAdornment> } }}
    />
  );
}

function Face({ option }: { option: Option }) {
  return (
    <>
      <Box component="span" dir="auto" sx={{ flex: 1, minWidth: 0, whiteSpace: 'normal', overflowWrap: 'anywhere' }}>{option.label}</Box>
      {option.count !== undefined && <Typography variant="caption" component="span" color="text.secondary">{option.count}</Typography>}
    </>
  );
}

const look = (isChosen: boolean) =>
  ({
    gap: 1.5, px: 3, minHeight: layout.control, borderRadius: 1, border: 1, typography: 'body2', fontWeight: 500,
    borderColor: isChosen ? 'primary.main' : 'divider', bgcolor: isChosen ? 'tint.info' : 'background.paper', color: isChosen ? 'primary.main' : 'text.primary',
    '&:hover': { borderColor: isChosen ? 'primary.main' : 'rule' },
  }) as const;

function MenuChip({ group }: { group: FilterGroup }) {
  const t = useText(filterTexts);
  const id = useId();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const chosen = chosenOf(group);
  const choose = (value: string) => () => {
    setAnchor(null);
    group.onChange(value);
  };
  const options = [{ value: '', label: t('all') }, ...group.options];
  return (
    <>
      <ButtonBase id={id} aria-haspopup="menu" aria-expanded={anchor !== null} onClick={(event) => setAnchor(event.currentTarget)} sx={look(chosen !== undefined)}>
        <span>{group.label}</span>
        {chosen && <Box component="span" dir="auto" sx={{ maxWidth: 220, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{chosen.label}</Box>}
        <ChevronDown size={14} aria-hidden />
      </ButtonBase>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)} slotProps={{ list: { 'aria-labelledby': id }, paper: { sx: { minWidth: 200, maxWidth: 420, mt: 1 } } }}>
        {options.map((option) => (
          <MenuItem key={option.value} role="menuitemradio" aria-checked={option.value === group.value} selected={option.value === group.value} onClick={choose(option.value)} sx={{ gap: 3 }}>
            <Box component="span" sx={{ width: 16, flexShrink: 0, display: 'grid' }}>{option.value === group.value && <Check size={16} aria-hidden />}</Box>
            <Face option={option} />
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}

function SheetGroup({ group }: { group: FilterGroup }) {
  const t = useText(filterTexts);
  const id = useId();
  return (
    <Box role="radiogroup" aria-labelledby={id} sx={{ display: 'grid', gap: 2 }}>
      <Typography variant="h4" component="p" id={id}>{group.label}</Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
        {[{ value: '', label: t('all') }, ...group.options].map((option) => (
          <ButtonBase key={option.value} role="radio" aria-checked={option.value === group.value} onClick={() => group.onChange(option.value)} sx={{ ...look(option.value === group.value), minHeight: layout.target, textAlign: 'start' }}>
            <Face option={option} />
          </ButtonBase>
        ))}
      </Box>
    </Box>
  );
}

function Sheet({ groups }: { groups: readonly FilterGroup[] }) {
  const t = useText(filterTexts);
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const count = groups.filter((group) => group.value !== '').length;
  const close = () => setOpen(false);
  return (
    <>
      <Button variant="outlined" startIcon={<ListFilter size={16} aria-hidden />} aria-haspopup="dialog" onClick={() => setOpen(true)} sx={{ flexShrink: 0, bgcolor: 'background.paper' }}>
        {count === 0 ? t('filters') : t('filtersOn', { count })}
      </Button>
      <Drawer anchor="bottom" open={isOpen} onClose={close} slotProps={{ paper: { role: 'dialog', 'aria-labelledby': id, sx: { maxHeight: '80dvh', borderStartStartRadius: 16, borderStartEndRadius: 16 } } }}>
        <Box sx={{ p: 5, display: 'grid', gap: 5 }}>
          <Typography variant="h3" component="h2" id={id}>{t('filters')}</Typography>
          {groups.map((group) => <SheetGroup key={group.key} group={group} />)}
          <Button variant="contained" onClick={close}>{t('show')}</Button>
        </Box>
      </Drawer>
    </>
  );
}

/** What narrows a page: chips with menus; a sheet from below on phones. */
export function FilterBar({ groups, search }: Props) {
  const isPhone = useIsPhone();
  return (
    <>
      {search && <SearchField {...search} />}
      {isPhone ? groups.length > 0 && <Sheet groups={groups} /> : groups.map((group) => <MenuChip key={group.key} group={group} />)}
    </>
  );
}
