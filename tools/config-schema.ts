// Writes docs/reference/config.schema.json from the sections of core/config.
import { configJsonSchema } from '../core/config/config.ts'

export const CONFIG_SCHEMA_PATH = 'docs/reference/config.schema.json'
export const configSchemaText = (): string => `${JSON.stringify(configJsonSchema(), null, 2)}\n`
