// One thing that can be chosen: its name and type, the masked value of the last test and how old that is.

import { Moment } from '../../../ui/Moment.tsx';
import classes from './Completion.module.css';
import type { Offer } from './offers.ts';

interface Props {
  id: string;
  offer: Offer;
  isActive: boolean;
  onChoose: () => void;
}

/** The row. */
export function OfferRow({ id, offer, isActive, onChoose }: Props) {
  const { text, type, about, isLater, known } = offer;
  return (
    // The keys are the field's, which keeps the focus.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      aria-disabled={isLater || undefined}
      className={classes.offer}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      <span className={classes.name}>{text}</span>
      <span className={classes.type}>{isLater ? 'runs after this' : type}</span>
      {known && (
        <span className={classes.known}>
          <code>{known.shown}</code> <Moment at={new Date(known.at).toISOString()} />
        </span>
      )}
      {isActive && about !== '' && <span className={classes.about}>{about}</span>}
    </div>
  );
}
