import { lazy, Suspense, useState, type ReactNode } from 'react';
import { ChoicesButton } from './choices-button.tsx';

/** Menus are loaded when the first one is opened. */
const ChoicesMenu = lazy(async () => ({ default: (await import('./choices-menu.tsx')).ChoicesMenu }));

/** The reader's choices, in the top bar. */
export function Choices(): ReactNode {
  const [wanted, setWanted] = useState(false);
  if (!wanted) return <ChoicesButton onClick={() => setWanted(true)} />;
  return (
    <Suspense fallback={<ChoicesButton />}>
      <ChoicesMenu />
    </Suspense>
  );
}
