import type { FastifyError } from 'fastify';
import { OctavoError, suggestion } from '../base/index.ts';

/** A request that broke its route's schema, or the framework's limits, as one of our errors; undefined for anything else. */
export function toArgumentError(thrown: unknown): OctavoError | undefined {
  const error = thrown as FastifyError;
  const broken = error.validation?.[0];
  if (broken !== undefined) {
    const part = error.validationContext ?? 'request';
    if (broken.keyword === 'additionalProperties') {
      const name = String(broken.params['additionalProperty']);
      const about = `${part} has no '${name}'${suggestion(name, knownNames(broken))}`;
      return new OctavoError('argument_invalid', about, { cause: thrown });
    }
    const where = broken.instancePath.replace(/^\//, '').replaceAll('/', '.');
    const values = allowedValues(error);
    if (values.length > 0) {
      const about = `${part} ${where} is ${JSON.stringify(dataOf(broken))}, expected one of ${values.join(', ')}`;
      return new OctavoError('argument_invalid', about, { cause: thrown });
    }
    return new OctavoError(
      'argument_invalid',
      `${part} ${where} ${broken.message ?? ''}`.replace(/ +/g, ' ').trim(),
      {
        cause: thrown,
      },
    );
  }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new OctavoError('body_too_large', error.message, { cause: thrown });
  const refused = typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500;
  return refused ? new OctavoError('argument_invalid', error.message, { cause: thrown }) : undefined;
}

/** The values of a choice that the request made none of; empty when it broke another rule. */
function allowedValues({ validation = [] }: FastifyError): readonly string[] {
  const [first] = validation;
  if (first?.keyword === 'enum') return ((first.params['allowedValues'] as unknown[]) ?? []).map(String);
  if (first?.keyword !== 'const') return [];
  const same = validation.filter(
    ({ keyword, instancePath }) => keyword === 'const' && instancePath === first.instancePath,
  );
  return same.map(({ params }) => String(params['allowedValue']));
}

function dataOf(broken: object): unknown {
  return (broken as { readonly data?: unknown }).data;
}

function knownNames(broken: object): readonly string[] {
  const { parentSchema } = broken as { readonly parentSchema?: { readonly properties?: object } };
  return Object.keys(parentSchema?.properties ?? {});
}
