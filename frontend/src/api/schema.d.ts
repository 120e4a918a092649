/**
 * The service's paths, in the form that openapi-typescript writes.
 * Replaced by `npm run client` from docs/openapi.json.
 */
type Body<T> = { content: { 'application/json': T } };
type Ok<T> = { 200: { headers: Record<string, unknown> } & Body<T> };
type None = { query?: never; header?: never; path?: never; cookie?: never };
interface Get<T, Q = never, P = never> {
  parameters: { query?: Q; path: P; header?: never; cookie?: never };
  requestBody?: never;
  responses: Ok<T>;
}
interface Send<T, B = never, P = never> {
  parameters: { query?: never; path: P; header?: never; cookie?: never };
  requestBody?: [B] extends [never] ? never : Body<B>;
  responses: Ok<T>;
}
interface Read<T, Q = never> {
  parameters: { query?: Q; header?: never; path?: never; cookie?: never };
  requestBody?: never;
  responses: Ok<T>;
}
interface Write<T, B = never> {
  parameters: None;
  requestBody?: [B] extends [never] ? undefined : Body<B>;
  responses: Ok<T>;
}
type List<T> = { data: T[]; next_cursor: string | null };
type Page = { cursor?: string; limit?: number };

interface Passport {
  table: string;
  layer: string;
  system: string;
  version: number;
  as_of: string | null;
  built_at: string;
  run_id?: string | null;
  model_version: string | null;
}
interface Profile {
  id: string;
  email: string;
  name: string;
  role: 'admin' | 'manager' | 'analyst' | 'customer';
  isActive: boolean;
  emailVerified: boolean;
  twoFactorEnabled: boolean;
  language: 'en' | 'he';
  theme: 'light' | 'dark' | 'auto';
  customerId?: string | null;
  createdAt: string;
  lastLoginAt: string | null;
  permissions: string[];
}
interface Session {
  accessToken: string;
  refreshToken?: string | null;
  expiresIn: number;
  user: Profile;
}
interface SignedIn extends Partial<Session> {
  expiresIn: number;
  twoFactorRequired?: boolean;
  challenge?: string;
  message?: string;
}
interface Said {
  message: string;
}
interface DeviceSession {
  id: string;
  createdAt: string;
  lastUsedAt: string;
  address?: string | null;
  agent?: string | null;
  current: boolean;
}
interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  scopes: string[];
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
  key?: string;
}
interface AuditEntry {
  id: string;
  at: string;
  actorId?: string | null;
  actorEmail?: string | null;
  action: string;
  object: string | null;
  outcome: string;
  address?: string | null;
  requestId: string | null;
  detail: unknown;
}
interface Span {
  from: string;
  to: string;
  label: string;
}
interface Headline {
  metric: string;
  label: string;
  value: number;
  unit: string;
  currency?: string | null;
  period: Span;
  comparison: (Span & { value: number; change: number | null }) | null;
  sparkline: { date: string; value: number | null }[];
}
interface Health {
  state: 'ok' | 'warning' | 'failed' | 'empty';
  reasons: string[];
}
interface SystemCard {
  system: string;
  title: string;
  about: string;
  headline: Headline | null;
  empty_reason?: string | null;
  freshness: { as_of: string | null; built_at: string | null; stale: boolean };
  health: Health;
  tables: number;
  registered: boolean;
}
interface CatalogTable {
  name: string;
  layer: string;
  system: string;
  about: string;
  rows: number | null;
  version: number | null;
  built_at: string | null;
  as_of: string | null;
  stale: boolean;
  quality: number | null;
  health: Health;
  empty_because: string | null;
  error: string | null;
  columns_count: number;
  key: string[];
  registered: boolean;
}
interface Column {
  name: string;
  type: string;
  about: string;
  nullable: boolean;
  person: string | null;
  personal_hidden: boolean;
  lineage: { table: string; column: string }[];
}
interface TableDetail extends CatalogTable {
  columns: Column[];
  checks: { rule: string; sql: string }[];
  sql: string | null;
  inputs: string[];
  read_by: string[];
  versions: { version: number; at: string; operation: string; rows: number | null; run_id: string | null }[];
  provenance: Passport[];
}
type Cell = string | number | boolean | null;
type Row = Record<string, Cell>;
interface RunSummary {
  run_id: string;
  started_at: string;
  ended_at: string | null;
  status: 'queued' | 'running' | 'succeeded' | 'failed' | 'interrupted';
  started_by?: string | null;
  tables_built: number;
  unchanged: number;
  failed: number;
  cpu_seconds: number | null;
}
interface RunTable {
  table: string;
  system?: string;
  state: string;
  rows: number | null;
  seconds?: number | null;
  version?: number | null;
  message?: string | null;
}
interface RunDetail extends RunSummary {
  tables: RunTable[];
}
interface Setting {
  name: string;
  value: unknown;
  default: unknown;
  about: string;
  secret: boolean;
}
type Query = {
  table: string;
  columns?: string;
  filters?: string;
  order?: string;
  limit?: number;
  cursor?: string;
  format?: string;
  version?: number;
};

export interface paths {
  '/api/v1/auth/register': { post: Write<{ userId?: string; message: string }, { email: string; password: string; name: string; language?: 'en' | 'he' }> };
  '/api/v1/auth/login': { post: Write<SignedIn, { email: string; password: string; cookie?: boolean }> };
  '/api/v1/auth/two-factor': { post: Write<SignedIn, { challenge: string; code: string; cookie?: boolean }> };
  '/api/v1/auth/refresh': { post: Write<Session, { refreshToken?: string }> };
  '/api/v1/auth/logout': { post: Write<Said, { refreshToken?: string }> };
  '/api/v1/auth/logout-all': { post: Write<Said> };
  '/api/v1/auth/forgot-password': { post: Write<Said, { email: string }> };
  '/api/v1/auth/reset-password': { post: Write<Said, { token: string; newPassword: string }> };
  '/api/v1/auth/verify-email': { post: Write<Said, { token: string }> };
  '/api/v1/auth/resend-verification': { post: Write<Said, { email: string }> };
  '/api/v1/auth/change-password': { post: Write<SignedIn, { currentPassword: string; newPassword: string }> };
  '/api/v1/auth/setup': {
    get: Read<{ needed: boolean }>;
    post: Write<
      SignedIn,
      { token: string; email: string; password: string; name: string; language?: 'en' | 'he'; cookie?: boolean }
    >;
  };
  '/api/v1/auth/password-strength': {
    post: Write<
      { score: number; ok: boolean; warning: string | null; suggestions: string[] },
      { password: string; email?: string; name?: string }
    >;
  };
  '/api/v1/user/profile': {
    get: Read<Profile>;
    patch: Write<
      Profile,
      { name?: string; email?: string; currentPassword?: string; language?: 'en' | 'he'; theme?: 'light' | 'dark' | 'auto' }
    >;
  };
  '/api/v1/user/two-factor': { post: Write<{ secret: string; uri: string; qrSvg: string }> };
  '/api/v1/user/two-factor/confirm': { post: Write<{ recoveryCodes: string[] }, { code: string }> };
  '/api/v1/user/two-factor/disable': { post: Write<Said, { password: string; code: string }> };
  '/api/v1/user/two-factor/recovery-codes': { post: Write<{ recoveryCodes: string[] }, { password: string }> };
  '/api/v1/user/sessions': { get: Read<{ data: DeviceSession[] }> };
  '/api/v1/user/sessions/{id}': { delete: Send<Said, never, { id: string }> };
  '/api/v1/user/api-keys': {
    get: Read<{ data: ApiKey[] }>;
    post: Write<ApiKey, { name: string; scopes: string[]; expiresAt?: string }>;
  };
  '/api/v1/user/api-keys/{id}': { delete: Send<Said, never, { id: string }> };
  '/api/v1/admin/users': {
    get: Read<List<Profile>, Page & { search?: string; role?: string }>;
    post: Write<Profile, { email: string; name: string; role: string }>;
  };
  '/api/v1/admin/users/{id}': { patch: Send<Profile, { role?: string; isActive?: boolean; customerId?: string }, { id: string }> };
  '/api/v1/admin/audit': {
    get: Read<List<AuditEntry>, Page & { action?: string; actor?: string; since?: string; until?: string }>;
  };
  '/api/v1/home': { get: Read<{ generated_at: string; cards: SystemCard[]; provenance: Passport[] }> };
  '/api/v1/catalog': {
    get: Read<{
      systems: { name: string; title: string; about: string; registered: boolean; enabled: boolean }[];
      tables: CatalogTable[];
    }>;
  };
  '/api/v1/catalog/{table}': { get: Get<TableDetail, never, { table: string }> };
  '/api/v1/catalog/{table}/preview': {
    get: Get<{ columns: { name: string; type: string }[]; data: Row[]; provenance: Passport[] }, { limit?: number }, { table: string }>;
  };
  '/api/v1/lineage': {
    get: Read<
      { nodes: { name: string; layer: string; system: string; rows: number | null; health: string }[]; edges: { from: string; to: string }[] },
      { table?: string }
    >;
  };
  '/api/v1/analytics/{system}/query': {
    get: Get<
      {
        system: string;
        table: string;
        rowCount: number;
        columns: { name: string; type: string }[];
        data: Row[];
        next_cursor: string | null;
        provenance: Passport[];
      },
      Query,
      { system: string }
    >;
  };
  '/api/v1/metrics-catalog': {
    get: Read<{
      metrics: { name: string; title: string; about: string; unit: string; expression: string; table: string; dimensions: string[] }[];
    }>;
  };
  '/api/v1/quality': {
    get: Read<{
      tables: {
        table: string;
        rows_mapped: number;
        rows_curated: number;
        rows_quarantined: number;
        rows_excluded: number;
        rows_duplicate: number;
        completeness: number | null;
        validity: number | null;
        uniqueness: number | null;
        consistency: number | null;
        score: number | null;
        empty_because: string | null;
        line: number;
        blocked: boolean;
        rules: { rule: string; severity: string; rows: number; share: number | null }[];
      }[];
      provenance: Passport[];
    }>;
  };
  '/api/v1/books': {
    get: Read<{
      balanced: boolean | null;
      rows: {
        step: string;
        table_name: string;
        rows_in: number;
        rows_kept: number;
        rows_quarantined: number;
        rows_difference: number;
        money_in_cents: number | null;
        money_kept_cents: number | null;
        money_quarantined_cents: number | null;
        money_difference_cents: number | null;
        differing_rows: string | null;
        balanced: boolean;
      }[];
      provenance: Passport[];
    }>;
  };
  '/api/v1/quarantine': {
    get: Read<{ data: { table: string; severity: string; rule: string; rows: number; money_cents: number | null }[] }>;
  };
  '/api/v1/quarantine/{table}': {
    get: Get<
      List<{
        row_id: number | null;
        row_key: string | null;
        severity: string;
        rules: string;
        money_cents: number | null;
        source_row: Row | null;
      }>,
      Page & { severity?: string; rule?: string; format?: string },
      { table: string }
    >;
  };
  '/api/v1/quarantine/{table}/replay': {
    post: {
      parameters: { query?: never; path: { table: string }; header?: never; cookie?: never };
      requestBody?: { content: { 'text/csv': string } };
      responses: Ok<{
        run_id?: string | null;
        corrected: number;
        replayed: number;
        still_quarantined: number;
        failed: { table: string; outcome: string; message: string }[];
      }>;
    };
  };
  '/api/v1/runs': {
    get: Read<List<RunSummary>, Page>;
    post: Write<
      { run_id: string; status: string; events: string },
      { tables?: string[]; system?: string; full?: boolean; ingest?: boolean }
    >;
  };
  '/api/v1/runs/{run_id}': { get: Get<RunDetail, never, { run_id: string }> };
  '/api/v1/runs/compare': { get: Read<unknown, { a: string; b: string }> };
  '/api/v1/sql': {
    post: Write<
      {
        columns: { name: string; type: string }[];
        rows: Cell[][];
        row_count: number;
        truncated: boolean;
        elapsed_ms: number;
        provenance: Passport[];
      },
      { sql: string; limit?: number; format?: 'json' | 'csv' | 'arrow' }
    >;
  };
  '/api/v1/sql/schema': {
    get: Read<{
      tables: { name: string; system: string; about: string; columns: { name: string; type: string; about: string }[] }[];
      limits: Record<string, number>;
      functions: string[];
    }>;
  };
  '/api/v1/settings': { get: Read<{ settings: Setting[] }>; patch: Write<{ settings: Setting[] }, Record<string, unknown>> };
  '/api/v1/telemetry/web-vitals': {
    get: Read<{ data: { page: string; name: string; p75: number; samples: number }[] }>;
    post: Write<unknown, { name: string; value: number; page: string; rating: string }[]>;
  };
}
