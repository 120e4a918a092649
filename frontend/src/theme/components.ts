import type { Components, Theme } from '@mui/material/styles';

import { layout, radius, type } from './tokens';

type Overrides = Components<Omit<Theme, 'components'>>;

const rem = (pixels: number) => `${pixels / 16}rem`;
const REDUCED = '@media (prefers-reduced-motion: reduce)';
const PHONE = '@media (max-width: 767.95px)';

const baseline: Overrides['MuiCssBaseline'] = {
  styleOverrides: (theme) => ({
    html: { WebkitTextSizeAdjust: '100%', scrollPaddingTop: layout.topBar + 16, scrollPaddingBottom: layout.bottomBar + 16 },
    body: { fontSize: rem(type.small) },
    'table, time, input[type="number"]': { fontVariantNumeric: 'tabular-nums' },
    '#root': { minHeight: '100dvh' },
    'h1, h2, h3, h4': { textWrap: 'balance' },
    ':focus-visible': { outline: `2px solid ${theme.vars?.palette.primary.main}`, outlineOffset: 2 },
    'h1:focus, main:focus': { outline: 'none' },
    '::selection': { background: `color-mix(in srgb, ${theme.vars?.palette.primary.main} 24%, transparent)` },
    [REDUCED]: {
      '*, *::before, *::after': {
        animationDuration: '0.01ms !important',
        animationIterationCount: '1 !important',
        transitionDuration: '0.01ms !important',
        scrollBehavior: 'auto !important',
      },
    },
  }),
};

const buttons: Overrides = {
  MuiButtonBase: { defaultProps: { disableRipple: true } },
  MuiButton: {
    defaultProps: { disableElevation: true },
    styleOverrides: {
      root: ({ theme }) => ({
        minHeight: layout.control,
        padding: '6px 14px',
        [PHONE]: { minHeight: layout.target },
        '&:focus-visible': { outline: `2px solid ${theme.vars?.palette.primary.main}`, outlineOffset: 2 },
      }),
      outlined: ({ theme }) => ({ borderColor: theme.vars?.palette.divider, color: theme.vars?.palette.text.primary }),
      sizeLarge: { minHeight: layout.target },
      sizeSmall: { minHeight: 32, padding: '4px 10px', [PHONE]: { minHeight: layout.target } },
    },
  },
  MuiIconButton: {
    styleOverrides: {
      root: ({ theme }) => ({
        borderRadius: radius,
        width: layout.control,
        height: layout.control,
        color: theme.vars?.palette.text.secondary,
        [PHONE]: { width: layout.target, height: layout.target },
      }),
      sizeSmall: { width: 28, height: 28, [PHONE]: { width: layout.target, height: layout.target } },
    },
  },
  MuiChip: { styleOverrides: { root: { borderRadius: radius, fontSize: rem(type.tiny), fontWeight: 500 } } },
  MuiToggleButton: {
    styleOverrides: {
      root: ({ theme }) => ({
        padding: '4px 12px',
        minHeight: layout.control,
        borderColor: theme.vars?.palette.divider,
        color: theme.vars?.palette.text.secondary,
        [PHONE]: { minHeight: layout.target },
      }),
    },
  },
};

const NAMED_COLORS = ['text.secondary', 'text.muted', 'text.disabled', 'error.main', 'warning.main', 'success.main', 'primary.main'];

/** `color="text.secondary"` on a text, by the names that `sx` knows. */
const textColors = NAMED_COLORS.map((name) => {
  const [family = 'text', shade = 'primary'] = name.split('.');
  const style = ({ theme }: { theme: Theme }) => {
    const palette = theme.vars?.palette as unknown as Record<string, Record<string, string>>;
    return { color: palette[family]?.[shade] };
  };
  return { props: { color: name }, style };
});

const surfaces: Overrides = {
  MuiTypography: { styleOverrides: { root: { variants: textColors } } },
  MuiPaper: { styleOverrides: { root: { backgroundImage: 'none' } } },
  MuiCard: {
    defaultProps: { elevation: 0 },
    styleOverrides: { root: ({ theme }) => ({ boxShadow: theme.vars?.palette.surface.shadow, overflow: 'visible' }) },
  },
  MuiPopover: {
    defaultProps: { elevation: 0 },
    styleOverrides: {
      paper: ({ theme }) => ({ boxShadow: theme.vars?.palette.surface.overlay, backgroundColor: theme.vars?.palette.surface.raised }),
    },
  },
  MuiDialog: {
    styleOverrides: {
      paper: ({ theme }) => ({
        boxShadow: theme.vars?.palette.surface.overlay,
        backgroundColor: theme.vars?.palette.surface.raised,
        borderRadius: radius * 1.5,
      }),
    },
  },
  MuiTooltip: {
    defaultProps: { enterDelay: 400 },
    styleOverrides: {
      tooltip: ({ theme }) => ({
        fontSize: rem(type.tiny),
        fontWeight: 400,
        backgroundColor: theme.vars?.palette.text.primary,
        color: theme.vars?.palette.background.paper,
      }),
    },
  },
  MuiSkeleton: { defaultProps: { animation: 'wave', variant: 'rounded' } },
};

const fields: Overrides = {
  MuiTextField: { defaultProps: { size: 'small', fullWidth: true } },
  MuiInputBase: {
    styleOverrides: {
      // Safari on phones zooms into a field whose text is below 16 px.
      root: { fontSize: rem(type.small), [PHONE]: { fontSize: rem(type.body) } },
      sizeSmall: { minHeight: layout.control, [PHONE]: { minHeight: layout.target } },
    },
  },
  MuiOutlinedInput: {
    styleOverrides: {
      root: ({ theme }) => ({ backgroundColor: theme.vars?.palette.background.paper }),
      notchedOutline: ({ theme }) => ({ borderColor: theme.vars?.palette.rule }),
    },
  },
  MuiFormHelperText: { styleOverrides: { root: { fontSize: rem(type.tiny), marginInline: 0 } } },
  MuiMenuItem: { styleOverrides: { root: { fontSize: rem(type.small), minHeight: layout.control, [PHONE]: { minHeight: layout.target } } } },
  MuiLink: {
    defaultProps: { underline: 'always' },
    styleOverrides: {
      root: ({ theme }) => ({
        textUnderlineOffset: 3,
        textDecorationColor: `color-mix(in srgb, ${theme.vars?.palette.primary.main} 40%, transparent)`,
        '&:hover': { textDecorationColor: 'inherit' },
      }),
    },
  },
  MuiTab: { styleOverrides: { root: { textTransform: 'none', minHeight: layout.target, fontWeight: 500 } } },
  MuiTableCell: {
    styleOverrides: {
      root: ({ theme }) => ({ borderColor: theme.vars?.palette.divider, fontSize: rem(type.small), padding: '8px 12px' }),
    },
  },
  MuiAlert: {
    defaultProps: { variant: 'standard' },
    styleOverrides: {
      root: ({ theme, ownerState }) => {
        const severity = ownerState.severity === 'error' ? 'danger' : (ownerState.severity ?? 'info');
        return {
          backgroundColor: theme.vars?.palette.tint[severity],
          color: theme.vars?.palette.text.primary,
          fontSize: rem(type.small),
        };
      },
    },
  },
};

export const components: Overrides = { MuiCssBaseline: baseline, ...buttons, ...surfaces, ...fields };
