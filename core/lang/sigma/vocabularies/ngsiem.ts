import type { SigmaSource } from '../../../logs/format.ts'
import type { Vocabulary } from '../vocabulary-kit.ts'

/** Windows events in Next-Gen SIEM keep their names below `windows.`. */
export const ngsiem: Vocabulary = {
  title: 'Falcon Next-Gen SIEM (CrowdStrike Parsing Standard)',
  evidence:
    'CrowdStrike’s pages on CPS 1.0 and 1.1, and the names of public queries: `windows.EventID`, `windows.EventData.…`, `Vendor.…`.',
  sources: [
    ...(['cloudtrail', 'okta'] as const).map(
      (module): SigmaSource =>
        module === 'okta'
          ? { product: 'okta', service: 'okta', where: { '#Vendor': ['okta'] } }
          : { product: 'aws', service: 'cloudtrail', where: { '#event.module': ['cloudtrail'] } },
    ),
  ],
  fields: {
    '*': {
      EventID: ['windows.EventID', '#windows.EventID'],
      Channel: ['windows.Channel'],
    },
    windows: { Provider_Name: ['windows.ProviderName', 'windows.Provider.Name'], Computer: ['windows.Computer'] },
  },
  spellings: { windows: (f) => [`windows.EventData.${f}`] },
}
