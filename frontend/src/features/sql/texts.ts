import { createCatalogue } from '@/i18n/catalogue';

const en = {
  title: 'SQL',
  answer: 'Ask your tables anything. Queries read, and change nothing.',
  limits: 'One query may take {seconds} and gives at most {rows} rows.',
  query: 'Query',
  run: 'Run',
  running: 'Running',
  cancel: 'Stop waiting',
  clear: 'Clear',
  history: 'Your queries',
  historyAbout: 'Of this session; gone when you sign out or close the tab.',
  historyEmpty: 'What you run is listed here.',
  ranRows: { one: '{count} row', other: '{count} rows' },
  failedAt: 'failed',
  put: 'Put into the editor: {sql}',
  examples: 'To begin with',
  exampleNewest: 'The newest rows of {table}',
  exampleCount: 'How many rows {table} has',

  schema: 'Tables',
  schemaSearch: 'Find a table or column',
  schemaNone: 'No table or column is called “{text}”.',
  insert: 'Insert {name}',
  insertUnbuilt: 'Insert {name} not built yet',
  notBuilt: 'not built yet',
  columns: { one: '{count} column', other: '{count} columns' },
  functions: 'Functions',
  functionsAbout: { one: '{count} function may be used.', other: '{count} functions may be used.' },
  showSchema: 'Tables and columns',
  close: 'Close',

  result: 'Result',
  resultRows: { one: '{count} row in {time}.', other: '{count} rows in {time}.' },
  truncated: 'Cut off at {rows}: there are more. Narrow the query, or count and sum in it.',
  noRows: 'The query was answered; no row matches.',
  csvAll: 'CSV',
  refused: 'The query was not run',
  goTo: 'Go to line {line}, column {column}',
  yet: 'The answer appears here.',
  notStarted: 'Write a query and press {keys}, or start with one of these.',
} as const;

export const texts = createCatalogue(en, { he: () => import('./texts.he') });
export type Texts = typeof en;
