/** Bodies by address with their ETag: what has not changed on the server is not sent again. */

interface Kept {
  etag: string;
  body: string;
  type: string;
}

const MOST_ENTRIES = 80;
const MOST_CHARACTERS = 1_000_000;

const kept = new Map<string, Kept>();

export function etagOf(url: string): string | undefined {
  return kept.get(url)?.etag;
}

/** Keeps a body that has an ETag; the longest unused leaves. */
export async function keepBody(url: string, response: Response): Promise<void> {
  const etag = response.headers.get('etag');
  if (etag === null) return;
  const body = await response.clone().text();
  if (body.length > MOST_CHARACTERS) return;
  kept.delete(url);
  kept.set(url, { etag, body, type: response.headers.get('content-type') ?? 'application/json' });
  const [oldest] = kept.keys();
  if (kept.size > MOST_ENTRIES && oldest !== undefined) kept.delete(oldest);
}

/** The answer that a `304 Not Modified` stands for. */
export function keptAnswer(url: string): Response | null {
  const entry = kept.get(url);
  if (entry === undefined) return null;
  return new Response(entry.body, { status: 200, headers: { 'content-type': entry.type, etag: entry.etag } });
}

export function dropBodies(): void {
  kept.clear();
}
