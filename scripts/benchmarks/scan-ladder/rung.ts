/** What each rung between the floor and the server does; each does all that the one before does. */
export const RUNGS = ['listen', 'read', 'commit'] as const;

/**
 * `listen`: our sockets, dispatcher and bounded reading of bodies. `read`: the message by its table. `commit`: one row for
 * each ReportEventBatch, answered once it is on disk.
 */
export type Rung = (typeof RUNGS)[number];

export const isRung = (text: string | undefined): text is Rung => RUNGS.some((rung) => rung === text);
