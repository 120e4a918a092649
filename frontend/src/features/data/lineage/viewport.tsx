import { Box, IconButton, Tooltip } from '@mui/material';
import { Maximize, Minus, Plus } from 'lucide-react';
import { useEffect, useState, type RefObject } from 'react';

import { useText } from '@/i18n/text';

import { texts } from '../texts';
import type { Size } from './layout';

const LEAST = 0.3;
const MOST = 1.6;
const STEP = 1.25;
/** Smaller than this, names cannot be read: then the picture scrolls instead. */
const READABLE = 0.72;

const between = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

interface Zoom {
  factor: number;
  onIn: () => void;
  onOut: () => void;
  onFit: () => void;
}

/** The width that the window has, as it changes. */
function useRoom(box: RefObject<HTMLDivElement | null>): number {
  const [room, setRoom] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setRoom(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return room;
}

/** The size of a picture in its window: at first as large as fits and can be read. */
export function useZoom(box: RefObject<HTMLDivElement | null>, { width }: Size): Zoom {
  const room = useRoom(box);
  const [chosen, setChosen] = useState<number | null>(null);
  const fitting = (least: number) => (room === 0 ? 1 : between(room / width, least, 1));
  const factor = chosen ?? fitting(READABLE);
  const by = (step: number) => () => setChosen(between(factor * step, LEAST, MOST));
  return { factor, onIn: by(STEP), onOut: by(1 / STEP), onFit: () => setChosen(fitting(LEAST)) };
}

/** A mouse may drag the picture; wheel, touch, scroll bars and arrow keys move it as well. */
export function useDragScroll(box: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let last: { x: number; y: number } | null = null;
    const down = (event: PointerEvent) => {
      if (event.pointerType !== 'mouse' || event.button !== 0 || (event.target as HTMLElement).closest('button')) return;
      last = { x: event.clientX, y: event.clientY };
      element.dataset.dragging = '';
    };
    const move = (event: PointerEvent) => {
      if (last === null) return;
      element.scrollBy(last.x - event.clientX, last.y - event.clientY);
      last = { x: event.clientX, y: event.clientY };
    };
    const up = () => {
      last = null;
      delete element.dataset.dragging;
    };
    element.addEventListener('pointerdown', down);
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    return () => {
      element.removeEventListener('pointerdown', down);
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
    };
  }, [box]);
}

/** Larger, smaller, all of it. */
export function ZoomButtons({ onIn, onOut, onFit }: Pick<Zoom, 'onIn' | 'onOut' | 'onFit'>) {
  const t = useText(texts);
  const buttons = [
    { text: t('zoomIn'), icon: Plus, act: onIn },
    { text: t('zoomOut'), icon: Minus, act: onOut },
    { text: t('fit'), icon: Maximize, act: onFit },
  ];
  return (
    <Box sx={{ position: 'absolute', bottom: 12, insetInlineEnd: 16, display: 'flex', bgcolor: 'background.paper', borderRadius: 1, border: 1, borderColor: 'divider' }}>
      {buttons.map(({ text, icon: Icon, act }) => (
        <Tooltip key={text} title={text}><IconButton onClick={act} aria-label={text}><Icon size={16} aria-hidden /></IconButton></Tooltip>
      ))}
    </Box>
  );
}
