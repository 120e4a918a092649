import { Component, type ReactNode } from 'react';

import { Crash } from './states';

interface Props {
  children: ReactNode;
  /** Another value starts afresh: the page's address. */
  resetKey?: string;
}

interface State {
  error: Error | null;
  key: string | undefined;
}

/** Shows a way on when a page throws. React offers this to classes only. */
export class CrashGuard extends Component<Props, State> {
  override state: State = { error: null, key: this.props.resetKey };

  static getDerivedStateFromError(error: Error): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps({ resetKey }: Props, { key }: State): Partial<State> | null {
    return resetKey === key ? null : { error: null, key: resetKey };
  }

  override render(): ReactNode {
    return this.state.error === null ? this.props.children : <Crash />;
  }
}
