/** Lets the dashboard open without a connection: its files are kept by public/sw.js. */
export async function keepShell(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('/sw.js');
    const { active } = await navigator.serviceWorker.ready;
    const files = performance.getEntriesByType('resource').map((entry) => entry.name);
    active?.postMessage({ files });
  } catch {
    // Without it the dashboard needs a connection, as any page does.
  }
}
