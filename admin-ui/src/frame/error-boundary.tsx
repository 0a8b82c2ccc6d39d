/** A page that broke leaves the rest of the console standing. */
import { Component, type ReactNode } from 'react';
import { Failure } from './failure.tsx';

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
    return (
      <Failure
        what="This page broke. Nothing was changed by that."
        error={this.state.error}
        onRetry={() => window.location.reload()}
      />
    );
  }
}
