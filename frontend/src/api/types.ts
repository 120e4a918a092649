/** The answers of the service by name. They come from the schema: nothing is written twice. */
import type { paths } from './schema';

type Ok<Operation> = Operation extends { responses: infer R } ? R[Extract<keyof R, 200 | 201 | 202>] : never;
type Json<Response> = Response extends { content: { 'application/json': infer Body } } ? Body : never;
type Method<P extends keyof paths, M extends string> = M extends keyof paths[P] ? paths[P][M] : never;

/** The body of an answer: `Answer<'/api/v1/home'>`, `Answer<'/api/v1/runs', 'post'>`. */
export type Answer<P extends keyof paths, M extends 'get' | 'post' | 'patch' | 'delete' = 'get'> = Json<Ok<Method<P, M>>>;
type Item<List> = List extends { data: (infer Entry)[] } ? Entry : never;

export type Session = Answer<'/api/v1/auth/refresh', 'post'>;
export type Profile = Answer<'/api/v1/user/profile'>;
export type Strength = Answer<'/api/v1/auth/password-strength', 'post'>;
export type DeviceSession = Item<Answer<'/api/v1/user/sessions'>>;
export type ApiKey = Item<Answer<'/api/v1/user/api-keys'>>;
export type User = Item<Answer<'/api/v1/admin/users'>>;
export type AuditEntry = Item<Answer<'/api/v1/admin/audit'>>;

export type Home = Answer<'/api/v1/home'>;
export type SystemCard = Home['cards'][number];
export type Catalog = Answer<'/api/v1/catalog'>;
export type CatalogTable = Catalog['tables'][number];
export type TableDetail = Answer<'/api/v1/catalog/{table}'>;
export type Preview = Answer<'/api/v1/catalog/{table}/preview'>;
export type Lineage = Answer<'/api/v1/lineage'>;
export type Quality = Answer<'/api/v1/quality'>;
export type QualityTable = Quality['tables'][number];
export type Books = Answer<'/api/v1/books'>;
export type BookRow = Books['rows'][number];
export type QuarantineGroup = Item<Answer<'/api/v1/quarantine'>>;
export type QuarantineRow = Item<Answer<'/api/v1/quarantine/{table}'>>;
export type Replayed = Answer<'/api/v1/quarantine/{table}/replay', 'post'>;
export type RunSummary = Item<Answer<'/api/v1/runs'>>;
export type RunDetail = Answer<'/api/v1/runs/{run_id}'>;
export type SqlAnswer = Answer<'/api/v1/sql', 'post'>;
export type SqlSchema = Answer<'/api/v1/sql/schema'>;

/** Where a figure comes from. */
export type Passport = Home['provenance'][number];
export type Health = SystemCard['health'];

export type Permission =
  | 'self'
  | 'tables:read'
  | 'tables:personal'
  | 'tables:export'
  | 'sql:run'
  | 'runs:read'
  | 'runs:start'
  | 'quarantine:read'
  | 'quarantine:replay'
  | 'settings:read'
  | 'settings:write'
  | 'users:manage'
  | 'audit:read'
  | 'systems:read'
  | 'systems:manage'
  | 'metrics:read'
  | 'customers:own'
  | 'customers:read';
