// A field of the screen preview: label, input and help as users get them.

import { useId, useState } from 'react';
import classes from './preview.module.css';
import type { ShownField } from './shown.ts';

/** The field. Password managers are kept out of it: it is nobody's sign-in. */
export function PreviewField({ field }: { field: ShownField }) {
  const id = useId();
  const [isSeen, setSeen] = useState(false);
  const common = {
    id,
    required: field.isRequired,
    autoComplete: 'off',
    'aria-describedby': field.help === '' ? undefined : `${id}-help`,
  };
  const typing = { ...common, placeholder: field.placeholder, defaultValue: field.initial };
  return (
    <>
      <label htmlFor={id}>
        {field.label} {!field.isRequired && <span className={classes.soft}>(optional)</span>}
      </label>
      {field.type === 'choice' ? (
        <select {...common} defaultValue={field.initial}>
          {field.initial === '' && <option value="">Choose one</option>}
          {field.options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      ) : field.type === 'password' ? (
        <div className={classes.secret}>
          <input {...common} placeholder={field.placeholder} type="text" data-hidden={!isSeen} />
          <button type="button" aria-pressed={isSeen} onClick={() => setSeen(!isSeen)}>
            {isSeen ? 'Hide password' : 'Show password'}
          </button>
        </div>
      ) : (
        <input {...typing} type="text" inputMode={MODES[field.type]} data-code={field.type === 'otp'} />
      )}
      {field.help !== '' && (
        <p id={`${id}-help`} className={classes.help}>
          {field.help}
        </p>
      )}
    </>
  );
}

const MODES: Readonly<Record<string, 'numeric' | 'decimal' | 'email'>> = { otp: 'numeric', number: 'decimal', email: 'email' };
