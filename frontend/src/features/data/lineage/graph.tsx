import { Box } from '@mui/material';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react';

import type { Lineage } from '@/api/types';
import { useLanguage, useText } from '@/i18n/text';

import { texts } from '../texts';
import { GraphBox } from './graph-box';
import { layOut, mirrored, neighbours, pathOf, reached, type Layout } from './layout';
import { nearest, type Arrow } from './moving';
import { useDragScroll, ZoomButtons, useZoom } from './viewport';

export type Node = Lineage['nodes'][number];

interface Props {
  lineage: Lineage;
  chosen: string | null;
  onChoose: (name: string | null) => void;
  maxHeight: number;
}

const HEAD = 7;

interface Reach {
  before: ReadonlySet<string>;
  behind: ReadonlySet<string>;
}

/** What the chosen table is made of, and what is made of it; null while none is chosen. */
function useReach({ edges }: Lineage, chosen: string | null): Reach | null {
  return useMemo(() => {
    if (chosen === null) return null;
    return { before: reached(chosen, neighbours(edges, 'before')), behind: reached(chosen, neighbours(edges, 'behind')) };
  }, [edges, chosen]);
}

/** On the way to or from the chosen table, and not past it. */
function isOnWay({ from, to }: { from: string; to: string }, chosen: string | null, reach: Reach | null): boolean {
  if (reach === null) return false;
  const isUp = reach.before.has(from) && (reach.before.has(to) || to === chosen);
  return isUp || (reach.behind.has(to) && (reach.behind.has(from) || from === chosen));
}

function Edges({ layout, reach, chosen }: { layout: Layout; reach: Reach | null; chosen: string | null }) {
  const lines = useMemo(
    () => layout.edges.map((edge) => ({ ...edge, isNear: isOnWay(edge, chosen, reach) })).sort((one, other) => Number(one.isNear) - Number(other.isNear)),
    [layout, reach, chosen],
  );
  return (
    <Box component="svg" aria-hidden data-chart width={layout.width} height={layout.height} sx={{ position: 'absolute', inset: 0, pointerEvents: 'none', '& path': { fill: 'none', stroke: 'currentColor' }, '& polygon': { fill: 'currentColor' } }}>
      {lines.map(({ from, to, points, isNear }) => {
        const [x = 0, y = 0] = points.at(-1) ?? [];
        const back = (points[0]?.[0] ?? 0) < x ? -HEAD : HEAD;
        return (
          <Box component="g" key={`${from} ${to}`} sx={{ color: isNear ? 'primary.main' : 'rule', opacity: isNear ? 1 : chosen === null ? 0.55 : 0.18 }}>
            <path d={pathOf([...points.slice(0, -1), [x + back, y]])} strokeWidth={isNear ? 2 : 1.25} />
            <polygon points={`${x},${y} ${x + back},${y - HEAD / 1.6} ${x + back},${y + HEAD / 1.6}`} />
          </Box>
        );
      })}
    </Box>
  );
}

const boxOf = (frame: HTMLElement, name: string) => [...frame.querySelectorAll<HTMLElement>('[data-table]')].find((each) => each.dataset.table === name);

function centre(frame: HTMLElement, name: string): void {
  const [inner, outer] = [boxOf(frame, name)?.getBoundingClientRect(), frame.getBoundingClientRect()];
  if (inner === undefined) return;
  frame.scrollBy({ left: inner.left + inner.width / 2 - outer.left - outer.width / 2, top: inner.top + inner.height / 2 - outer.top - outer.height / 2 });
}

/**
 * The chosen table is kept in sight, however the picture changes its size. Without one, reading begins
 * at the sources: at the right end where the flow goes to the left.
 */
function useInSight(box: RefObject<HTMLDivElement | null>, chosen: string | null, isMirrored: boolean): void {
  useEffect(() => {
    const frame = box.current;
    const picture = frame?.firstElementChild;
    if (!frame || !picture) return;
    const observer = new ResizeObserver(() => {
      if (chosen !== null) centre(frame, chosen);
      else if (isMirrored) frame.scrollTo({ left: frame.scrollWidth });
    });
    observer.observe(picture);
    return () => observer.disconnect();
  }, [box, chosen, isMirrored]);
}

/** Tables and arrows from what is read to what is made of it. Arrow keys walk, Enter chooses, Escape lets go. */
export default function LineageGraph({ lineage, chosen, onChoose, maxHeight }: Props) {
  const t = useText(texts);
  const { direction } = useLanguage();
  const isMirrored = direction === 'rtl';
  const box = useRef<HTMLDivElement>(null);
  const layout = useMemo(() => {
    const flow = layOut(lineage.nodes.map((node) => node.name), lineage.edges);
    return isMirrored ? mirrored(flow) : flow;
  }, [lineage, isMirrored]);
  const zoom = useZoom(box, layout);
  const reach = useReach(lineage, chosen);
  const [first = ''] = layout.boxes.keys();
  const [current, setCurrent] = useState(chosen ?? first);
  useInSight(box, chosen, isMirrored);
  useDragScroll(box);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'Escape' && chosen !== null) onChoose(null);
    const next = event.key.startsWith('Arrow') && event.target instanceof HTMLElement && event.target.dataset.table !== undefined ? nearest(layout, event.target.dataset.table, event.key as Arrow) : null;
    if (next === null) return;
    event.preventDefault();
    setCurrent(next);
    if (box.current) boxOf(box.current, next)?.focus();
  };
  const at = layout.boxes.has(current) ? current : first;
  return (
    <Box sx={{ position: 'relative' }}>
      <Box ref={box} dir="ltr" role="group" aria-label={t('lineageLabel')} onKeyDown={onKeyDown}
        sx={{ overflow: 'auto', maxHeight, borderRadius: 1, bgcolor: 'surface.sunken', overscrollBehavior: 'contain', cursor: 'grab', '&[data-dragging]': { cursor: 'grabbing', userSelect: 'none' } }}>
        <div style={{ width: layout.width * zoom.factor, height: layout.height * zoom.factor, margin: '0 auto' }}>
          <div style={{ position: 'relative', width: layout.width, height: layout.height, transform: `scale(${zoom.factor})`, transformOrigin: '0 0' }}>
            <Edges layout={layout} reach={reach} chosen={chosen} />
            {lineage.nodes.map((node) => {
              const place = layout.boxes.get(node.name);
              if (place === undefined) return null;
              return (
                <GraphBox
                  key={node.name} node={node} place={place} isChosen={node.name === chosen} isPale={reach !== null && node.name !== chosen && !reach.before.has(node.name) && !reach.behind.has(node.name)} isCurrent={node.name === at}
                  onChoose={() => { setCurrent(node.name); onChoose(node.name === chosen ? null : node.name); }}
                />
              );
            })}
          </div>
        </div>
      </Box>
      <ZoomButtons onIn={zoom.onIn} onOut={zoom.onOut} onFit={zoom.onFit} />
    </Box>
  );
}
