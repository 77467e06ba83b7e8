import { Component, type ReactNode } from 'react';

interface FenceProps {
  /** What stands inside, for the message: "Address map". */
  readonly name: string;
  readonly children: ReactNode;
}

interface FenceState {
  readonly error: Error | undefined;
}

/** Keeps a fault inside one pane: the others go on, and the pane says what happened and can be tried again. */
export class Fence extends Component<FenceProps, FenceState> {
  override state: FenceState = { error: undefined };

  static getDerivedStateFromError(error: unknown): FenceState {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div className="fence" role="alert">
        <p>
          <b>{this.props.name} stopped.</b> The rest of the page goes on.
        </p>
        <p className="c">{error.message}</p>
        <button type="button" className="btn" onClick={() => this.setState({ error: undefined })}>
          Try again
        </button>
      </div>
    );
  }
}
