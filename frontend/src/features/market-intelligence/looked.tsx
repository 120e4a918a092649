import type { ReactNode } from 'react';

import { GrainChoice, MetricChoice } from './controls';
import { PlaceChoice } from './place-choice';
import type { View } from './use-view';

interface Props {
  view: View;
  /** The name of the part of the shop. */
  name: string;
  children?: ReactNode;
}

/** What is looked at, as chips: which part of the shop, which number, by what. */
export function LookedChips({ view, name, children }: Props) {
  const { level, item, metric, metrics, grain, set } = view;
  return (
    <>
      <PlaceChoice name={name} metric={metric} chosen={{ level, item }} onChoose={(chosen) => set({ level: chosen.level === 'shop' ? '' : chosen.level, item: chosen.item })} />
      <MetricChoice metrics={metrics} metric={metric} onChoose={(next) => set({ metric: next })} />
      <GrainChoice grain={grain} onChoose={(next) => set({ grain: next, horizon: '' })} />
      {children}
    </>
  );
}
