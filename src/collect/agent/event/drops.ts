import type { LogRequest } from '../line/log-request.ts';
import { globMatch, type TextMatch } from './glob.ts';

/** Requests that are no events. All that a rule names must fit. */
export interface DropRule {
  /** Under which they are counted. */
  readonly name: string;
  /** E.g. `/static/*`, `*.{css,js}`. */
  readonly path?: string;
  /** Of the user agent, e.g. `kube-probe/*`. */
  readonly agent?: string;
  readonly method?: string;
  readonly status?: readonly [number, number];
}

/** Rules that most stores want, by name. */
export const dropPresets: Readonly<Record<string, readonly DropRule[]>> = {
  assets: [
    {
      name: 'assets',
      path: '*.{css,js,mjs,map,png,jpg,jpeg,gif,webp,avif,svg,ico,woff,woff2,ttf,otf,eot,mp4,webm,webmanifest}',
    },
  ],
  health: [
    {
      name: 'health',
      path: '/{health,healthz,health-check,healthcheck,livez,readyz,ready,ping,status,nginx_status}',
    },
    { name: 'health', agent: '{ELB-HealthChecker,kube-probe,GoogleHC}/*' },
  ],
};

/** The name of the first rule that a request fits; without a path it asks for nothing. */
export type DropMatch = (
  request: Pick<LogRequest, 'method' | 'status' | 'agent'>,
  path: string | undefined,
) => string | undefined;

/** What is dropped, by rules and names of presets. */
export function createDrops(rules: readonly DropRule[]): DropMatch {
  if (rules.length === 0) return () => undefined;
  const compiled = rules.map((rule) => ({
    rule,
    path: rule.path === undefined ? undefined : pathMatch(rule.path),
    agent: rule.agent === undefined ? undefined : globMatch(rule.agent),
  }));
  return (request, asked) => {
    for (const { rule, path, agent } of compiled) {
      if (path !== undefined && !(asked !== undefined && path(asked))) continue;
      if (agent !== undefined && !agent(request.agent ?? '')) continue;
      if (rule.method !== undefined && rule.method !== request.method) continue;
      const { status = 0 } = request;
      if (rule.status !== undefined && !(status >= rule.status[0] && status <= rule.status[1])) continue;
      return rule.name;
    }
    return undefined;
  };
}

/** `*.{css,js}` is looked up by the ending; everything else is matched. */
function pathMatch(pattern: string): TextMatch {
  const endings = /^\*\.\{([\w,-]+)\}$|^\*\.(\w+)$/.exec(pattern);
  if (endings === null) return globMatch(pattern);
  const known = new Set((endings[1] ?? endings[2] ?? '').split(','));
  return (path) => {
    const dot = path.lastIndexOf('.');
    return dot >= 0 && path.length - dot - 1 <= endingMax && known.has(path.slice(dot + 1).toLowerCase());
  };
}

const endingMax = 20;
