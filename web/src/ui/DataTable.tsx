// Rows with columns, which become cards where there is no room for columns.

import type { ReactNode } from 'react';
import classes from './DataTable.module.css';

/** A column. */
export interface Column<Row> {
  label: string;
  cell: (row: Row) => ReactNode;
  /** Whether the label is for screen readers alone: what stands in it explains itself. */
  quiet?: boolean;
}

interface Props<Row> {
  /** What the rows are. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}

/** A table. Its roles are written out, as not every browser keeps those of elements that are shown as blocks. */
export function DataTable<Row>({ label, columns, rows, rowKey }: Props<Row>) {
  return (
    <div role="table" aria-label={label} className={classes.table}>
      <div role="rowgroup" className={classes.head}>
        <div role="row" className={classes.row}>
          {columns.map((column) => (
            <div role="columnheader" key={column.label} className={classes.header}>
              <span className={column.quiet ? 'visually-hidden' : undefined}>{column.label}</span>
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={classes.body}>
        {rows.map((row) => (
          <div role="row" key={rowKey(row)} className={classes.row}>
            {columns.map((column) => (
              <div role="cell" key={column.label} className={classes.cell}>
                {!column.quiet && (
                  <span className={classes.label} aria-hidden>
                    {column.label}
                  </span>
                )}
                <div className={classes.value}>{column.cell(row)}</div>
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
