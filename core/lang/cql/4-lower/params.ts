// Parameters that many functions share.
import type { Evidence, ParamDoc } from '../../shared/builtin.ts'

type More = Partial<Omit<ParamDoc, 'doc' | 'name' | 'takes'>>
export const param = (name: string, takes: string, doc: string, more: More = {}): ParamDoc => ({
  name,
  takes,
  doc,
  ...more,
})
export const first = (name: string, takes: string, doc: string, more: More = {}): ParamDoc =>
  param(name, takes, doc, { unnamed: true, ...more })

/** The field it reads, required, unnamed. */
export const FIELD = first('field', 'field', 'The field it reads.', { required: true })
export const FIELDS = first('field', 'fields', 'The fields it reads.', { required: true })
export const as = (fallback: string): ParamDoc =>
  param('as', 'field', 'Name of the output field.', { default: fallback })
export const limit = (fallback: string, doc = 'The most rows that are kept, or `max`.'): ParamDoc =>
  param('limit', 'number', doc, { default: fallback })
export const FUNCTION = param('function', 'aggregates', 'Aggregates, in brackets if several.', {
  default: 'count(as=_count)',
})

/** The vendor's page of a function. */
export const page = (name: string): Evidence => ({
  vendorDoc: `https://library.humio.com/data-analysis/functions-${name.toLowerCase().replace(':', '-')}.html`,
})
