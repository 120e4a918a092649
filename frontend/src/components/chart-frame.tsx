import { Box, Card, Skeleton, Typography } from '@mui/material';
import { Suspense, useId, useRef, useState, type ReactNode } from 'react';

import type { Passport } from '@/api/types';
import { useText } from '@/i18n/text';
import { saveCsv } from '@/lib/download';
import { savePng } from '@/lib/picture';
import { layout } from '@/theme/tokens';

import { ChartMenu, Definition, PassportStamp } from './chart-tools';
import { EmptyState, type Action } from './empty-state';
import { ErrorState } from './error-state';
import { texts } from './texts';

type Cell = string | number | null;

/** The figures of a chart as a table: what the table view shows and the CSV holds. */
export interface ChartTable {
  header: readonly string[];
  /** As they are, for the CSV. */
  rows: readonly (readonly Cell[])[];
  /** As they are to be read; without it, as they are. */
  shown?: readonly (readonly string[])[];
}

interface Props {
  title: string;
  /** The chart in one sentence; also what a screen reader says of it. */
  summary: string;
  /** What is measured, in words. */
  definition?: ReactNode;
  provenance?: readonly Passport[];
  table: ChartTable;
  /** The name of saved files, without its ending. */
  fileName: string;
  /** What the reader may choose; stays in sight while the figures come or are too few. */
  controls?: ReactNode;
  isPending?: boolean;
  error?: unknown;
  onRetry?: () => void;
  /** In place of the chart: there are no data at all. */
  empty?: { title?: string; text: string; action?: Action };
  /** In place of the chart: what would be needed. */
  tooLittle?: string;
  height?: number;
  children: ReactNode;
}

function FigureTable({ table, caption }: { table: ChartTable; caption: string }) {
  const rows = table.shown ?? table.rows.map((row) => row.map((value) => String(value ?? '')));
  return (
    <Box tabIndex={0} role="group" aria-label={caption} sx={{ overflow: 'auto', maxHeight: layout.chart }}>
      <Box component="table" sx={{ width: 1, borderCollapse: 'collapse', fontSize: 'body2.fontSize', '& th, & td': { p: 2, textAlign: 'end', borderBottom: 1, borderColor: 'divider', '&:first-of-type': { textAlign: 'start' } }, '& th': { position: 'sticky', top: 0, bgcolor: 'background.paper', fontWeight: 500, color: 'text.secondary' } }}>
        <thead>
          <tr>{table.header.map((name) => <th key={name} scope="col">{name}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => <tr key={index}>{row.map((value, place) => <td key={place}>{value}</td>)}</tr>)}
        </tbody>
      </Box>
    </Box>
  );
}

type BodyProps = Pick<Props, 'isPending' | 'error' | 'onRetry' | 'empty' | 'tooLittle' | 'table' | 'children' | 'summary'> & { height: number; asTable: boolean };

function Body({ isPending, error, onRetry, empty, tooLittle, table, children, height, asTable, summary }: BodyProps) {
  const t = useText(texts);
  const room = <Box role="status" aria-label={t('loading')}><Skeleton height={height} /></Box>;
  if (isPending) return room;
  if (error) return <ErrorState error={error} onRetry={onRetry} isCompact />;
  if (empty) return <EmptyState title={empty.title ?? t('nothing')} text={empty.text} action={empty.action} isCompact />;
  if (tooLittle !== undefined) return <EmptyState title={t('tooLittle')} text={tooLittle} isCompact />;
  if (asTable) return <FigureTable table={table} caption={summary} />;
  return <Suspense fallback={room}>{children}</Suspense>;
}

/** What stands around every chart: what it says, what it measures, where it comes from, and its figures. */
export function ChartFrame(props: Props) {
  const { title, summary, definition, provenance = [], table, fileName, height = layout.chart } = props;
  const id = useId();
  const drawing = useRef<HTMLDivElement>(null);
  const [asTable, setAsTable] = useState(false);
  const isShown = !props.isPending && !props.error && !props.empty && props.tooLittle === undefined;
  const savePicture = () => {
    const svg = drawing.current?.querySelector<SVGSVGElement>('svg[data-chart], .MuiChartsSvgLayer-root, svg');
    if (svg) void savePng(svg, `${fileName}.png`);
  };
  return (
    <Card component="figure" aria-labelledby={`${id}-title`} aria-describedby={`${id}-summary`} sx={{ m: 0, p: { xs: 4, md: 5 }, minWidth: 0, height: 1, display: 'flex', flexDirection: 'column', gap: 3 }}>
      <Box component="figcaption" sx={{ display: 'flex', gap: 1, alignItems: 'flex-start' }}>
        <Box sx={{ flex: 1, minWidth: 0 }}>
          <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5, minHeight: 28 }}>
            <Typography variant="h3" component="h2" id={`${id}-title`}>{title}</Typography>
            {definition !== undefined && <Definition title={title}>{definition}</Definition>}
          </Box>
          <Typography variant="body2" color="text.secondary" id={`${id}-summary`} sx={{ textWrap: 'pretty' }}>{props.isPending ? '\u00a0' : summary}</Typography>
        </Box>
        {isShown && (
          <ChartMenu title={title} asTable={asTable} onTable={() => setAsTable(!asTable)} onPicture={asTable ? undefined : savePicture} onCsv={() => saveCsv(`${fileName}.csv`, table.header, table.rows)} />
        )}
      </Box>
      {props.controls}
      <Box ref={drawing} sx={{ minHeight: height, flex: 1 }}>
        <Body {...props} height={height} asTable={asTable} />
      </Box>
      {provenance.length > 0 && <PassportStamp provenance={provenance} />}
    </Card>
  );
}
