import createCache from '@emotion/cache';
import { CacheProvider } from '@emotion/react';
import rtl from '@mui/stylis-plugin-rtl';
import type { ReactNode } from 'react';
import { prefixer } from 'stylis';

/** A server with a strict style policy names its nonce in <meta name="csp-nonce">. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;

const caches = {
  ltr: createCache({ key: 'ox', nonce }),
  rtl: createCache({ key: 'oxr', nonce, stylisPlugins: [prefixer, rtl] }),
};

/** Styles mirrored for right-to-left languages. */
export function Direction({ direction, children }: { direction: 'ltr' | 'rtl'; children: ReactNode }) {
  return <CacheProvider value={caches[direction]}>{children}</CacheProvider>;
}
