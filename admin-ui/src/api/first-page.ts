/** Lists are read from where no cursor is; typed as the cursor that the later pages have. */
export const FIRST_PAGE: string | undefined = undefined;
