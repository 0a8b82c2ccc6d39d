/** A link that looks like a button, and one that looks like a link: both go through the router. */
import { Button, Link, type ButtonProps } from '@fluentui/react-components';
import type { ReactElement, ReactNode } from 'react';
import { useHref, useLinkClickHandler } from 'react-router';

interface LinkProps {
  readonly to: string;
  readonly children: ReactNode;
}

export function LinkButton({
  to,
  children,
  appearance = 'secondary',
}: LinkProps & { readonly appearance?: NonNullable<ButtonProps['appearance']> }): ReactElement {
  const follow = useLinkClickHandler(to);
  return (
    <Button
      as="a"
      appearance={appearance}
      href={useHref(to)}
      onClick={(event: React.MouseEvent<HTMLAnchorElement>) => follow(event)}
    >
      {children}
    </Button>
  );
}

export function TextLink({ to, children }: LinkProps): ReactElement {
  const follow = useLinkClickHandler(to);
  return (
    <Link href={useHref(to)} onClick={follow}>
      {children}
    </Link>
  );
}
