import { expect, it } from 'vitest';

import { accent, categorical, grey, semantic, tint } from './tokens';

type Rgb = readonly [number, number, number];

function rgb(hex: string): Rgb {
  const part = (at: number) => parseInt(hex.slice(at, at + 2), 16) / 255;
  return [part(1), part(3), part(5)];
}

const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const light = ([red, green, blue]: Rgb) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [light(rgb(one)), light(rgb(other))].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

// Machado, Oliveira, Fernandes 2009: full protanopia, deuteranopia, tritanopia, in linear light.
const BLINDNESS = {
  none: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritan: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

/** Oklab of a colour as somebody with that blindness sees it (Ottosson 2020). */
function seen(hex: string, matrix: readonly number[]): Rgb {
  const [r, g, b] = rgb(hex).map(linear) as unknown as Rgb;
  const at = (row: number) => Math.min(1, Math.max(0, matrix[row * 3]! * r + matrix[row * 3 + 1]! * g + matrix[row * 3 + 2]! * b));
  const [x, y, z] = [at(0), at(1), at(2)];
  const l = Math.cbrt(0.4122214708 * x + 0.5363325363 * y + 0.0514459929 * z);
  const m = Math.cbrt(0.2119034982 * x + 0.6806995451 * y + 0.1073969566 * z);
  const s = Math.cbrt(0.0883024619 * x + 0.2817188376 * y + 0.6299787005 * z);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function closest(colors: readonly string[], matrix: readonly number[]): number {
  const pairs = colors.flatMap((one, index) => colors.slice(index + 1).map((other) => [one, other] as const));
  const distance = ([one, other]: readonly [string, string]) => Math.hypot(...seen(one, matrix).map((value, axis) => value - seen(other, matrix)[axis]!));
  return Math.min(...pairs.map(distance));
}

it.each([
  ['light', grey[0]],
  ['light', grey[50]],
  ['dark', grey[900]],
  ['dark', grey[950]],
] as const)('%s series stand out from %s', (scheme, background) => {
  categorical[scheme].forEach((color) => expect(contrast(color, background), color).toBeGreaterThanOrEqual(3));
});

it.each(Object.entries(BLINDNESS))('series are told apart with %s', (_, matrix) => {
  // 0.02 in Oklab is just noticeable between patches; thin lines need several times that.
  expect(closest(categorical.light, matrix)).toBeGreaterThan(0.08);
  expect(closest(categorical.dark, matrix)).toBeGreaterThan(0.08);
});

it('texts can be read on every surface', () => {
  for (const surface of [grey[0], grey[50], grey[100]]) {
    [grey[900], grey[600], accent[500]].forEach((ink) => expect(contrast(ink, surface), `${ink} on ${surface}`).toBeGreaterThanOrEqual(4.5));
  }
  for (const surface of [grey[950], grey[900], grey[850]]) {
    [grey[100], grey[300], grey[400], accent[400]].forEach((ink) => expect(contrast(ink, surface), `${ink} on ${surface}`).toBeGreaterThanOrEqual(4.5));
  }
});

it.each(['light', 'dark'] as const)('signs can be read on their tints and on cards: %s', (scheme) => {
  const card = scheme === 'light' ? grey[0] : grey[900];
  for (const sign of ['success', 'warning', 'danger', 'info'] as const) {
    expect(contrast(semantic[scheme][sign], card), sign).toBeGreaterThanOrEqual(4.5);
    expect(contrast(semantic[scheme][sign], tint[scheme][sign]), sign).toBeGreaterThanOrEqual(4.5);
  }
});
