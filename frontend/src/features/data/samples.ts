/** Answers of the service as its tests know them, for the tests of these pages. */
import type { CatalogTable, TableDetail } from '@/api/types';

export function catalogTable(change: Partial<CatalogTable> & { name: string }): CatalogTable {
  return {
    layer: 'curated', system: 'curation', about: `One row per ${change.name}.\n\nMore.`, rows: 5027, version: 3, built_at: '2026-06-30T10:00:00Z', as_of: null, stale: false,
    quality: 0.946, health: { state: 'ok', reasons: [] }, empty_because: null, error: null, columns_count: 3, key: ['order_id'], registered: false, ...change,
  };
}

export const SYSTEMS = [
  { name: 'market_intelligence', title: 'Market intelligence', about: 'What sells.', registered: false, enabled: true },
  { name: 'curation', title: 'Curation', about: "The shop's own tables.", registered: false, enabled: true },
];

export const TABLES = [
  catalogTable({ name: 'orders' }),
  catalogTable({ name: 'payments', health: { state: 'failed', reasons: ['payments was held back in the last run.'] }, quality: 0.71 }),
  catalogTable({ name: 'sales_daily', system: 'market_intelligence', layer: 'analytics', quality: null }),
];

export const LINEAGE = {
  nodes: [
    { name: 'raw/orders', layer: 'raw', system: 'source', rows: 5046, health: 'ok' },
    { name: 'raw/holidays', layer: 'raw', system: 'source', rows: 168, health: 'ok' },
    { name: 'orders', layer: 'curated', system: 'curation', rows: 5027, health: 'warning' },
    { name: 'sales_daily', layer: 'analytics', system: 'market_intelligence', rows: 12785, health: 'ok' },
  ],
  edges: [{ from: 'raw/orders', to: 'orders' }, { from: 'orders', to: 'sales_daily' }],
} as const;

export function detail(change: Partial<TableDetail> = {}): TableDetail {
  return {
    ...catalogTable({ name: 'orders' }),
    columns: [
      { name: 'order_id', type: 'string', about: "The shop's order.", nullable: false, person: null, personal_hidden: false, lineage: [{ table: 'raw/orders', column: 'order_id' }] },
      { name: 'total_cents', type: 'int64', about: 'What the customer pays.', nullable: false, person: null, personal_hidden: false, lineage: [{ table: 'customers', column: 'x' }] },
      { name: 'shipping_city', type: 'string', about: 'Where it goes.', nullable: true, person: 'detail', personal_hidden: true, lineage: [] },
    ],
    checks: [{ rule: 'the total is not negative', sql: 'total_cents >= 0' }],
    sql: "select order_id from orders -- all of them\nwhere status = 'paid'",
    inputs: ['raw/orders'],
    read_by: ['sales_daily'],
    versions: [
      { version: 3, at: '2026-06-30T10:00:00Z', operation: 'publish', rows: 5027, run_id: 'r3' },
      { version: 2, at: '2026-06-29T10:00:00Z', operation: 'publish', rows: 5000, run_id: null },
    ],
    provenance: [{ table: 'orders', layer: 'curated', system: 'curation', version: 3, as_of: null, built_at: '2026-06-30T10:00:00Z', run_id: 'r3', model_version: null }],
    ...change,
  } as TableDetail;
}
