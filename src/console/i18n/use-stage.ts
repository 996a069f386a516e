import { useText } from './language.tsx';
import { stageText } from './stages.ts';

/** The name of a stage. */
export function useStageName(): (stage: string) => string {
  const say = useText(stageText);
  return (stage) => (Object.hasOwn(stageText, stage) ? say(stage as keyof typeof stageText) : stage);
}
