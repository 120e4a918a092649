import { IconButton, InputAdornment, TextField, Typography, type TextFieldProps } from '@mui/material';
import { Eye, EyeOff } from 'lucide-react';
import { useId, useState } from 'react';

import { useText } from '@/i18n/text';

import { texts } from './texts';

type Props = Omit<TextFieldProps, 'error' | 'variant' | 'onChange' | 'value'> & {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** What is wrong with the value: `error.fields.email`. */
  error?: string | undefined;
};

function Reveal({ isShown, onToggle }: { isShown: boolean; onToggle: () => void }) {
  const t = useText(texts);
  return (
    <InputAdornment position="end">
      <IconButton size="small" edge="end" onClick={onToggle} aria-label={t(isShown ? 'hidePassword' : 'showPassword')} aria-pressed={isShown}>
        {isShown ? <EyeOff size={18} aria-hidden /> : <Eye size={18} aria-hidden />}
      </IconButton>
    </InputAdornment>
  );
}

/** A labelled field: label above, help or error below. Passwords can be shown and pasted. */
export function FormField({ label, value, onChange, error, helperText, type, id: given, slotProps, ...rest }: Props) {
  const own = useId();
  const id = given ?? own;
  const [isShown, setShown] = useState(false);
  const isPassword = type === 'password';
  const end = isPassword ? { endAdornment: <Reveal isShown={isShown} onToggle={() => setShown(!isShown)} /> } : {};
  return (
    <div>
      <Typography component="label" htmlFor={id} variant="body2" sx={{ display: 'block', fontWeight: 500, mb: 1 }}>{label}</Typography>
      <TextField
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        error={error !== undefined}
        helperText={error ?? helperText}
        type={isPassword && isShown ? 'text' : type}
        dir={type === 'email' || isPassword ? 'ltr' : undefined}
        slotProps={{ ...slotProps, input: { ...end, ...slotProps?.input }, formHelperText: { role: error === undefined ? undefined : 'alert', dir: 'auto' } }}
        {...rest}
      />
    </div>
  );
}
