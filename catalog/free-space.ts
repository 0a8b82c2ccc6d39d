/** Disk space that content never takes: reports and approvals must still be written when it is all that is left. */

export const MEGABYTE = 1024 * 1024;

export const RESERVED_BYTES = 1024 * MEGABYTE;
