import { ListItemIcon, Menu, MenuItem } from '@mui/material';
import { Link, useLocation } from 'react-router';

import type { KnownPage } from '@/app/features';
import { useLocalText } from '@/i18n/text';

import { isWithin } from './use-rail';

interface Props {
  anchor: HTMLElement;
  pages: readonly KnownPage[];
  onClose: () => void;
}

/** The pages that the bottom bar has no room for. */
export default function MoreMenu({ anchor, pages, onClose }: Props) {
  const local = useLocalText();
  const { pathname } = useLocation();
  return (
    <Menu anchorEl={anchor} open onClose={onClose} anchorOrigin={{ vertical: 'top', horizontal: 'right' }} transformOrigin={{ vertical: 'bottom', horizontal: 'right' }}>
      {pages.map((page) => (
        <MenuItem key={page.path} component={Link} to={page.path} onClick={onClose} selected={isWithin(pathname, page)}>
          <ListItemIcon>{page.nav && <page.nav.icon size={18} aria-hidden />}</ListItemIcon>
          {local(page.title)}
        </MenuItem>
      ))}
    </Menu>
  );
}
