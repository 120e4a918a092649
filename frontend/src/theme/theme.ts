import { createTheme, type Theme } from '@mui/material/styles';

import { components } from './components';
import {
  accent, breakpoints, categorical, font, grey, overlayShadow, radius, semantic, shadow, space, tint, type, weight,
} from './tokens';

type Scheme = 'light' | 'dark';

declare module '@mui/material/styles' {
  interface Palette {
    series: readonly string[];
    tint: Record<'success' | 'warning' | 'danger' | 'info', string>;
    surface: { sunken: string; raised: string; hover: string; shadow: string; overlay: string };
    rule: string;
  }
  interface PaletteOptions {
    series?: Palette['series'];
    tint?: Palette['tint'];
    surface?: Palette['surface'];
    rule?: string;
  }
  interface TypeText {
    muted: string;
  }
}

const surfaces = {
  light: { sunken: grey[100], raised: grey[0], hover: grey[100], shadow: shadow.light, overlay: overlayShadow.light },
  dark: { sunken: grey[950], raised: grey[850], hover: grey[800], shadow: shadow.dark, overlay: overlayShadow.dark },
};

const neutrals = {
  light: {
    background: { default: grey[50], paper: grey[0] },
    text: { primary: grey[900], secondary: grey[600], muted: grey[500], disabled: grey[400] },
    divider: grey[200],
    rule: grey[400],
  },
  dark: {
    background: { default: grey[950], paper: grey[900] },
    text: { primary: grey[100], secondary: grey[300], muted: grey[400], disabled: grey[500] },
    divider: grey[800],
    rule: grey[500],
  },
};

function palette(scheme: Scheme) {
  const signs = semantic[scheme];
  const dark = scheme === 'dark';
  return {
    ...neutrals[scheme],
    primary: dark
      ? { main: accent[400], light: accent[300], dark: accent[300], contrastText: grey[950] }
      : { main: accent[500], light: accent[400], dark: accent[600], contrastText: grey[0] },
    success: { main: signs.success },
    warning: { main: signs.warning },
    error: { main: signs.danger },
    info: { main: signs.info },
    series: categorical[scheme],
    tint: tint[scheme],
    surface: surfaces[scheme],
  };
}

const rem = (pixels: number) => `${pixels / 16}rem`;
const heading = { lineHeight: 1.2, letterSpacing: '-0.011em', fontWeight: weight.strong };

const typography = {
  fontFamily: font,
  h1: { ...heading, fontSize: rem(type.display), letterSpacing: '-0.019em' },
  h2: { ...heading, fontSize: rem(type.title) },
  h3: { ...heading, fontSize: rem(type.body) },
  h4: { ...heading, fontSize: rem(type.small), letterSpacing: 0 },
  body1: { fontSize: rem(type.body), lineHeight: 1.5 },
  body2: { fontSize: rem(type.small), lineHeight: 1.5 },
  caption: { fontSize: rem(type.tiny), lineHeight: 1.5 },
  button: { fontSize: rem(type.small), fontWeight: weight.medium, textTransform: 'none' as const },
};

/** The theme of both schemes, for one direction of reading. */
export function createOmnixTheme(direction: 'ltr' | 'rtl'): Theme {
  return createTheme({
    direction,
    cssVariables: { colorSchemeSelector: 'data-scheme' },
    colorSchemes: { light: { palette: palette('light') }, dark: { palette: palette('dark') } },
    breakpoints: { values: breakpoints },
    spacing: space,
    shape: { borderRadius: radius },
    typography,
    components,
  });
}
