/** What a chart offers beside its drawing: definition, passport, table, files. */
import { Box, ButtonBase, Divider, IconButton, ListItemIcon, Menu, MenuItem, Popover, Tooltip, Typography } from '@mui/material';
import { ChartLine, Download, Ellipsis, FileText, Image, Info, Table2 } from 'lucide-react';
import { Fragment, useState, type ReactNode } from 'react';

import type { Passport } from '@/api/types';
import { useFormat, useText } from '@/i18n/text';

import { Freshness } from './signs';
import { texts } from './texts';

function useAnchor() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return { anchor, open: (event: { currentTarget: HTMLElement }) => setAnchor(event.currentTarget), close: () => setAnchor(null) };
}

const BELOW = { vertical: 'bottom', horizontal: 'left' } as const;

/** The meaning of a figure, on tap. */
export function Definition({ title, children }: { title: string; children: ReactNode }) {
  const t = useText(texts);
  const { anchor, open, close } = useAnchor();
  return (
    <>
      <Tooltip title={t('definition')}>
        <IconButton size="small" onClick={open} aria-label={`${t('definition')} ${title}`} aria-expanded={anchor !== null}><Info size={15} aria-hidden /></IconButton>
      </Tooltip>
      <Popover open={anchor !== null} anchorEl={anchor} onClose={close} anchorOrigin={BELOW}>
        <Typography variant="body2" component="div" dir="auto" sx={{ p: 4, maxWidth: 360 }}>{children}</Typography>
      </Popover>
    </>
  );
}

function PassportRows({ passport }: { passport: Passport }) {
  const t = useText(texts);
  const format = useFormat();
  const rows = [
    [t('passportTable'), `${passport.layer}.${passport.table}`],
    [t('passportVersion'), String(passport.version)],
    [t('passportAsOf'), passport.as_of ? format.moment(passport.as_of) : ''],
    [t('passportBuilt'), passport.built_at ? format.moment(passport.built_at) : ''],
    [t('passportRun'), passport.run_id ?? ''],
    [t('passportModel'), passport.model_version ?? ''],
  ].filter(([, value]) => value !== '');
  return (
    <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: 'auto 1fr', columnGap: 4, rowGap: 1 }}>
      {rows.map(([name, value]) => (
        <Fragment key={name}>
          <Typography component="dt" variant="caption" color="text.secondary">{name}</Typography>
          <Typography component="dd" variant="caption" dir="auto" sx={{ m: 0, overflowWrap: 'anywhere' }}>{value}</Typography>
        </Fragment>
      ))}
    </Box>
  );
}

/** The passport of a figure: its tables, versions and times. */
export function PassportStamp({ provenance }: { provenance: readonly Passport[] }) {
  const t = useText(texts);
  const { anchor, open, close } = useAnchor();
  const oldest = provenance.map((passport) => passport.built_at).sort()[0];
  return (
    <Box>
      <ButtonBase onClick={open} aria-expanded={anchor !== null} aria-haspopup="dialog" sx={{ borderRadius: 1, gap: 2, minHeight: 24, color: 'text.secondary', '&:hover': { color: 'text.primary' } }}>
        <Freshness builtAt={oldest} />
        <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', gap: 1 }}>
          <FileText size={12} aria-hidden />
          <Typography variant="caption" component="span" sx={{ textDecoration: 'underline', textDecorationColor: 'divider', textUnderlineOffset: 3 }}>{t('passport')}</Typography>
        </Box>
      </ButtonBase>
      <Popover open={anchor !== null} anchorEl={anchor} onClose={close} anchorOrigin={BELOW} slotProps={{ paper: { role: 'dialog', 'aria-label': t('passport') } }}>
        <Box sx={{ p: 4, minWidth: 260, maxWidth: 400, display: 'grid', gap: 3 }}>
          <Typography variant="h4" component="h3">{t('passport')}</Typography>
          {provenance.map((passport, index) => (
            <Fragment key={`${passport.layer}.${passport.table}`}>
              {index > 0 && <Divider />}
              <PassportRows passport={passport} />
            </Fragment>
          ))}
        </Box>
      </Popover>
    </Box>
  );
}

interface MenuProps {
  title: string;
  asTable: boolean;
  onTable: () => void;
  onCsv: () => void;
  onPicture: (() => void) | undefined;
}

/** The figures as a table, a CSV or a picture. */
export function ChartMenu({ title, asTable, onTable, onCsv, onPicture }: MenuProps) {
  const t = useText(texts);
  const { anchor, open, close } = useAnchor();
  const then = (act: () => void) => () => {
    close();
    act();
  };
  return (
    <>
      <IconButton size="small" onClick={open} aria-label={t('more', { title })} aria-haspopup="menu" aria-expanded={anchor !== null}><Ellipsis size={18} aria-hidden /></IconButton>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={close}>
        <MenuItem onClick={then(onTable)}>
          <ListItemIcon>{asTable ? <ChartLine size={17} aria-hidden /> : <Table2 size={17} aria-hidden />}</ListItemIcon>
          {t(asTable ? 'showChart' : 'showTable')}
        </MenuItem>
        <MenuItem onClick={then(onCsv)}><ListItemIcon><Download size={17} aria-hidden /></ListItemIcon>{t('saveCsv')}</MenuItem>
        {onPicture && <MenuItem onClick={then(onPicture)}><ListItemIcon><Image size={17} aria-hidden /></ListItemIcon>{t('savePng')}</MenuItem>}
      </Menu>
    </>
  );
}
