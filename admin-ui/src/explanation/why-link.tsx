/** The way to the page that says why a computer gets an update, or does not. */
import type { ReactElement } from 'react';
import { TextLink } from '../frame/link-button.tsx';
import { useTexts } from '../language/use-texts.ts';
import { texts } from './texts.ts';

interface WhyLinkProps {
  readonly computerId: string;
  readonly updateId: string;
}

export function WhyLink({ computerId, updateId }: WhyLinkProps): ReactElement {
  const t = useTexts(texts);
  const asked = new URLSearchParams({ computer: computerId, update: updateId });
  return <TextLink to={`/why?${asked.toString()}`}>{t.why}</TextLink>;
}
