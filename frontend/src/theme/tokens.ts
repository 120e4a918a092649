/** Every colour, size and distance of the dashboard. No other file names one. */

export const grey = {
  0: '#FFFFFF',
  25: '#FCFBFA',
  50: '#F7F6F3',
  100: '#EFEDE9',
  200: '#E4E1DB',
  300: '#CFCBC3',
  400: '#A39E95',
  500: '#78736A',
  600: '#5B564E',
  700: '#423E38',
  800: '#2C2925',
  850: '#23211E',
  900: '#1B1917',
  950: '#131210',
} as const;

export const accent = {
  50: '#EEF5FC',
  100: '#DCEBFA',
  200: '#B5D5F5',
  300: '#86BAEF',
  400: '#6BABEC',
  500: '#0B6BCB',
  600: '#095CAF',
  700: '#084A8C',
  800: '#0A3A6B',
  900: '#0B2A4A',
} as const;

/** Said by word or icon as well: a colour is never the only sign. */
export const semantic = {
  light: { success: '#1A7446', warning: '#8F5A00', danger: '#BC2F2A', info: '#0B6BCB' },
  dark: { success: '#5CC28C', warning: '#E0AC4B', danger: '#F0857D', info: '#6BABEC' },
} as const;

export const tint = {
  light: { success: '#E6F3EB', warning: '#FBF0DA', danger: '#FBE9E7', info: '#EEF5FC' },
  dark: { success: '#16291E', warning: '#2E2410', danger: '#351B19', info: '#13243A' },
} as const;

/** Eight series: told apart with the three common colour-blindnesses, ≥ 3:1 to the card behind. */
export const categorical = {
  light: ['#0B6BCB', '#AB811C', '#77004C', '#179E91', '#8F81D4', '#6D4C0B', '#BE295B', '#113D7F'],
  dark: ['#6BABEC', '#F3CA2C', '#FF86A7', '#91FFD4', '#8B6CDA', '#B29F4F', '#C55479', '#C9D1FD'],
} as const;

/** One measure from little to much; and from below to above a middle. */
export const sequential = ['#EEF5FC', '#CFE3F8', '#A6CCF3', '#77AFEA', '#438EDC', '#0B6BCB', '#084A8C'] as const;
export const diverging = ['#B5530A', '#DC8B4C', '#F2CBA8', '#EFEDE9', '#B5D5F5', '#5E9FE3', '#0B6BCB'] as const;

/** Type sizes in pixels; set in rem so that the reader's own size counts. */
export const type = { tiny: 12, small: 14, body: 16, title: 20, display: 28 } as const;
export const weight = { regular: 400, medium: 500, strong: 600 } as const;
export const font = "'Inter Variable', 'Rubik Variable', system-ui, -apple-system, 'Segoe UI', sans-serif";
export const mono = "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace";

export const space = 4;
export const radius = 8;
export const shadow = {
  light: '0 1px 2px rgb(28 26 23 / 0.05), 0 2px 8px rgb(28 26 23 / 0.05)',
  dark: '0 0 0 1px rgb(255 255 255 / 0.07)',
} as const;
export const overlayShadow = {
  light: '0 0 0 1px rgb(28 26 23 / 0.06), 0 12px 32px rgb(28 26 23 / 0.14)',
  dark: '0 0 0 1px rgb(255 255 255 / 0.1), 0 12px 32px rgb(0 0 0 / 0.5)',
} as const;

export const breakpoints = { xs: 0, sm: 640, md: 768, lg: 1024, xl: 1280 } as const;
export const layout = {
  rail: 280,
  railSmall: 72,
  topBar: 56,
  bottomBar: 64,
  page: 1280,
  form: 400,
  target: 44,
  /** The least that WCAG 2.2 lets a pointer aim at. */
  smallTarget: 24,
  control: 36,
  row: 44,
  chart: 280,
  sparkline: 36,
} as const;
