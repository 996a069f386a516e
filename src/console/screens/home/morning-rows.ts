import type { CycleStage, CycleStatus } from '../../../api/index.ts';
import { useFormat, useText } from '../../i18n/language.tsx';
import { useStageName } from '../../i18n/use-stage.ts';
import type { TimelineRow } from '../../parts/timeline.tsx';
import { messages } from './messages.ts';

/** The parts of the morning as rows of the timeline. */
export function useMorningRows(cycle: CycleStatus): readonly TimelineRow[] {
  const say = useText(messages);
  const format = useFormat();
  const stageName = useStageName();
  return cycle.stages.map((stage) => ({
    id: stage.stage,
    label: stageName(stage.stage),
    about: aboutOf(stage),
    strong: stage.running > 0,
    failed: stage.failed > 0 && stage.running === 0,
    startMs: instant(stage.started_at),
    endMs: stage.done === stage.tasks ? instant(stage.finished_at) : undefined,
    expectedStartMs: instant(stage.expected_start_at),
    expectedEndMs: instant(stage.expected_finish_at),
  }));

  function aboutOf(stage: CycleStage): string {
    const { started_at: start, finished_at: end, expected_finish_at: expected, done, tasks } = stage;
    if (start !== null && end !== null) {
      const duration = format.duration((Date.parse(end) - Date.parse(start)) / 1000);
      return say('ran', { from: format.time(start), duration });
    }
    if (stage.failed > 0 && stage.running === 0) return say('broke', { done, tasks });
    if (start !== null) return say('runs', { from: format.time(start), done, tasks });
    return expected === null ? say('waits') : say('comes', { time: format.time(expected) });
  }
}

function instant(text: string | null): number | undefined {
  return text === null ? undefined : Date.parse(text);
}
