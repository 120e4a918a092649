const BROWSERS = [
  ['Edge', /Edg(e|A|iOS)?\//],
  ['Opera', /OPR\//],
  ['Firefox', /Firefox\/|FxiOS\//],
  ['Chrome', /Chrome\/|CriOS\//],
  ['Safari', /Safari\//],
] as const;

const SYSTEMS = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X|Macintosh/],
  ['Linux', /Linux/],
] as const;

type Named = readonly (readonly [string, RegExp])[];
const find = (names: Named, agent: string) => names.find(([, sign]) => sign.test(agent))?.[0];

/** Browser and system of a user agent, as far as they can be told; else its first word. */
export function deviceOf(agent: string): { browser: string; system: string | undefined } {
  const browser = find(BROWSERS, agent) ?? agent.split(/[/ ]/)[0] ?? agent;
  return { browser, system: find(SYSTEMS, agent) };
}
