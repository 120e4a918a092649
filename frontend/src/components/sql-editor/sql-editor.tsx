import { Box } from '@mui/material';
import { useMemo, useRef, type KeyboardEvent, type Ref, useImperativeHandle } from 'react';

import { layout, mono } from '@/theme/tokens';

import { highlight, offsetOf, type Kind } from './highlight';

export interface EditorHandle {
  /** Puts text where the cursor is, or in place of what is selected. */
  insert: (text: string) => void;
  focus: () => void;
  /** Brings the cursor to a place, counted from 1. */
  goTo: (place: { line: number; column: number }) => void;
}

interface Props {
  value: string;
  onChange: (value: string) => void;
  label: string;
  id?: string;
  /** Ctrl Enter or ⌘ Enter. */
  onSubmit?: () => void;
  /** The line with an error, counted from 1. */
  errorLine?: number | undefined;
  describedBy?: string | undefined;
  minRows?: number;
  ref?: Ref<EditorHandle>;
}

const LINE = 1.6;
const COLORS: Record<Kind, string> = { keyword: 'primary.main', function: 'warning.main', string: 'success.main', number: 'warning.main', comment: 'text.secondary', plain: 'text.primary' };

const lettering = { fontFamily: mono, fontSize: 'body2.fontSize', lineHeight: LINE, letterSpacing: 0, tabSize: 2, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', p: 3, m: 0, border: 0 } as const;

/** Ends a line with the indent of the one before; Tab stays the way out, for keyboards. */
function onEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  const { value, selectionStart } = event.currentTarget;
  const indent = /^[ \t]*/.exec(value.slice(value.lastIndexOf('\n', selectionStart - 1) + 1))?.[0] ?? '';
  if (indent === '') return;
  event.preventDefault();
  document.execCommand('insertText', false, `\n${indent}`);
}

/** Through the browser's own editing, so that undo knows of it. */
function insertInto(area: HTMLTextAreaElement, text: string, onChange: (value: string) => void): void {
  area.focus();
  const { selectionStart: start, selectionEnd: end, value } = area;
  const isDone = typeof document.execCommand === 'function' && document.execCommand('insertText', false, text);
  if (!isDone) onChange(value.slice(0, start) + text + value.slice(end));
}

function Painted({ value, errorLine }: { value: string; errorLine: number | undefined }) {
  const pieces = useMemo(() => highlight(value), [value]);
  return (
    <>
      {errorLine !== undefined && <ErrorLine value={value} line={errorLine} />}
      <Box component="pre" aria-hidden sx={{ ...lettering, gridArea: '1 / 1', pointerEvents: 'none', minWidth: 0 }}>
        {pieces.map(({ kind, text }, index) => <Box key={index} component="span" sx={{ color: COLORS[kind], fontStyle: kind === 'comment' ? 'italic' : undefined }}>{text}</Box>)}
        {'\n'}
      </Box>
    </>
  );
}

/** A tint behind the line that an error names. */
function ErrorLine({ value, line }: { value: string; line: number }) {
  const lines = value.split('\n');
  return (
    <Box component="pre" aria-hidden sx={{ ...lettering, gridArea: '1 / 1', pointerEvents: 'none', color: 'transparent', minWidth: 0 }}>
      {lines.map((text, index) => <Box key={index} component="span" sx={{ display: 'block', bgcolor: index === line - 1 ? 'tint.danger' : undefined, mx: -3, px: 3 }}>{text === '' ? '\u200b' : text}</Box>)}
    </Box>
  );
}

/** A field for SQL: its words coloured, always left to right, undo and paste as everywhere. */
export function SqlEditor({ value, onChange, label, id, onSubmit, errorLine, describedBy, minRows = 8, ref }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => ({
    insert: (text) => area.current && insertInto(area.current, text, onChange),
    focus: () => area.current?.focus(),
    goTo: (place) => {
      const at = offsetOf(area.current?.value ?? '', place);
      area.current?.focus();
      area.current?.setSelectionRange(at, at);
    },
  }));
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter') return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      onSubmit?.();
    } else if (!event.shiftKey && !event.altKey) onEnter(event);
  };
  return (
    <Box dir="ltr" sx={{ maxHeight: '50vh', overflow: 'auto', border: 1, borderColor: errorLine === undefined ? 'rule' : 'error.main', borderRadius: 1, bgcolor: 'background.paper', '&:focus-within': { outline: 2, outlineColor: 'primary.main', outlineOffset: -1 } }}>
      <Box sx={{ display: 'grid', textAlign: 'start', minHeight: `calc(${minRows * LINE}em + ${layout.row}px)` }}>
        <Painted value={value} errorLine={errorLine} />
        <Box
          component="textarea"
          id={id}
          ref={area}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={onKeyDown}
          aria-label={label}
          aria-invalid={errorLine !== undefined}
          aria-describedby={describedBy}
          aria-keyshortcuts={onSubmit && 'Control+Enter Meta+Enter'}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          autoCorrect="off"
          sx={{ ...lettering, gridArea: '1 / 1', resize: 'none', overflow: 'hidden', background: 'none', color: 'transparent', caretColor: 'currentcolor', outline: 'none', minWidth: 0, width: 1, '&&': { caretColor: (theme) => theme.vars?.palette.text.primary } }}
        />
      </Box>
    </Box>
  );
}
