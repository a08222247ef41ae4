// One step: its line, which moves and folds, and its fields below.

import { Badge } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconGripVertical } from '@tabler/icons-react';
import { memo, useState, type KeyboardEvent } from 'react';
import { isDisabled } from '../../../document/disabling.ts';
import { showPath, type Path } from '../../../document/path.ts';
import { useForm } from '../context.ts';
import { ObjectFields } from '../form/ObjectFields.tsx';
import { sameProps } from '../form/sameProps.ts';
import { useLastTest } from '../scope/lastTest.ts';
import { LastResult } from './LastResult.tsx';
import { RedirectUrl } from './RedirectUrl.tsx';
import { StepMenu } from './StepMenu.tsx';
import { StepId } from './StepId.tsx';
import classes from './steps.module.css';
import { summaryOf } from './summary.ts';

interface Props {
  id: string;
  path: Path;
  count: number;
  isFolded: boolean;
  onFold: (isFolded: boolean) => void;
  onMove: (to: number) => void;
  /** Whether a dragged step can be put in its place. */
  isTarget: boolean;
  onDrag: (isOn: boolean) => void;
  onDrop: () => void;
}

/** What a kind shows even where it is left out. */
const ALWAYS: Record<string, readonly string[]> = {
  form: ['title'],
  api_request: ['extract', 'expect'],
  js_code: ['parameters'],
  oauth2_pkce: ['authorization_url', 'token_url', 'scope'],
  oauth2: ['authorization_url', 'token_url', 'client_secret', 'scope'],
};

/** The card. */
export const StepCard = memo(function StepCard(props: Props) {
  const { path, count, isFolded, onFold, onMove, isTarget, onDrag, onDrop } = props;
  const form = useForm();
  const [isOver, setOver] = useState(false);
  const index = Number(path.at(-1));
  const step = (form.at(path) ?? {}) as Record<string, unknown>;
  const name = typeof step.id === 'string' ? step.id : `Step ${index + 1}`;
  const problems = form.countWithin(path);
  const isOff = isDisabled(step);
  const last = useLastTest(form.lastTest).steps.get(name);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || form.readOnly) return;
    if (event.key === 'ArrowUp') onMove(index - 1);
    else if (event.key === 'ArrowDown') onMove(index + 1);
    else return;
    event.preventDefault();
  };
  return (
    // A dragged step is dropped on it; keys and the menu do the same.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      className={classes.card}
      data-path={showPath(path)}
      data-over={isOver && isTarget}
      aria-label={`Step ${index + 1}: ${name}`}
      data-off={isOff || undefined}
      onDragOver={(event) => {
        if (!isTarget) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onDrop();
      }}
    >
      <div className={classes.head}>
        {!form.readOnly && (
          <span
            className={classes.handle}
            draggable
            aria-hidden
            title="Drag, or Alt with an arrow key"
            onDragStart={(event) => {
              event.dataTransfer.setData('text/plain', name);
              event.dataTransfer.effectAllowed = 'move';
              onDrag(true);
            }}
            onDragEnd={() => onDrag(false)}
          >
            <IconGripVertical size={16} />
          </span>
        )}
        <button
          id={props.id}
          type="button"
          className={classes.title}
          aria-expanded={!isFolded}
          aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
          onClick={() => onFold(!isFolded)}
          onKeyDown={onKeyDown}
        >
          {isFolded ? <IconChevronRight size={16} aria-hidden /> : <IconChevronDown size={16} aria-hidden />}
          <span className={classes.number}>{index + 1}</span>
          <span className={classes.name}>{name}</span>
          <Badge variant="light" size="sm" tt="none" className={classes.badge}>
            {String(step.kind)}
          </Badge>
          {isOff && (
            <Badge variant="outline" color="gray" size="sm" tt="none" className={classes.badge}>
              Disabled
            </Badge>
          )}
          <span className={classes.summary}>{summaryOf(isOff ? { ...step, when: undefined } : step)}</span>
          {last && <LastResult row={last} />}
          {problems > 0 && (
            <Badge color="red" size="sm" tt="none" variant="filled" className={classes.badge}>
              {problems} {problems === 1 ? 'problem' : 'problems'}
            </Badge>
          )}
        </button>
        <StepMenu {...{ path, count, index, name, isOff, onMove }} />
      </div>
      {!isFolded && (
        <div className={classes.body}>
          {opensPage(step) && <RedirectUrl />}
          <StepId path={path} />
          <ObjectFields
            path={path}
            schema={{ $ref: '#/$defs/step' }}
            without={['id']}
            always={ALWAYS[String(step.kind)] ?? []}
          />
        </div>
      )}
    </section>
  );
}, sameProps);

/** Whether the API sends people back to us after it. */
function opensPage(step: Readonly<Record<string, unknown>>): boolean {
  if (step.kind === 'oauth1') return step.authorization_url !== undefined;
  return step.kind === 'callback' || step.kind === 'oauth2' || step.kind === 'oauth2_pkce';
}
