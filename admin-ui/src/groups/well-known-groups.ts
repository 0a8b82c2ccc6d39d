/** Well known, as in every WSUS: all computers, and those in no group. */
export const ALL_COMPUTERS = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421';
export const UNASSIGNED_COMPUTERS = 'b73ca6ed-5727-47f3-84de-015e03f6a88a';
