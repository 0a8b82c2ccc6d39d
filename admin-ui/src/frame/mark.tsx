/** The product's mark. */
import type { ReactElement } from 'react';

export const Mark = ({ size = 32 }: { readonly size?: number }): ReactElement => (
  <img src="/icon.svg" width={size} height={size} alt="" />
);
