/** The counting in which everything arrives that downstream servers are told of; our anchors are places in it. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

/** How far it has come; 0 where nothing arrived yet. */
export const lastSequence = (db: Database): number =>
  z.int().parse(
    db
      .prepare(
        `SELECT max(ifnull((SELECT max(import_sequence) FROM revision), 0),
                      ifnull((SELECT max(changed_sequence) FROM driver_set), 0))`,
      )
      .pluck()
      .get(),
  );

/** For what arrives now, within the transaction that it arrives in. */
export const nextSequence = (db: Database): number => lastSequence(db) + 1;
