import { hasAll, type ReadyMapping } from '../ready-mapping.ts'

/** Attributes are maps, so `LogAttributes.x` and `ResourceAttributes.x` answer to their own paths. */
export const otelClickhouse: ReadyMapping = {
  id: 'otel-clickhouse',
  title: "OpenTelemetry's exporter to ClickHouse, table of logs",
  evidence:
    'https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/exporter/clickhouseexporter (README, schema of otel_logs)',
  fits: (columns) => hasAll(columns, 'Timestamp', 'Body', 'LogAttributes', 'ResourceAttributes'),
  mapping: {
    time: { column: 'Timestamp' },
    fields: {
      host: ['ResourceAttributes.host.name'],
      message: ['Body'],
      severity: ['SeverityText'],
      service: ['ServiceName'],
    },
    rest: 'LogAttributes',
    raw: 'Body',
    tags: {},
  },
}
