/** A page that broke leaves the rest of the console standing. */
import { Component, type ReactElement, type ReactNode } from 'react';
import { useTexts } from '../language/use-texts.ts';
import { Failure } from './failure.tsx';
import { texts } from './texts.ts';

interface Props {
  readonly children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return <Broken error={this.state.error} />;
  }
}

function Broken({ error }: { readonly error: unknown }): ReactElement {
  const t = useTexts(texts);
  return <Failure what={t.pageBroke} error={error} onRetry={() => window.location.reload()} />;
}
