// Layers for the ATT&CK Navigator, in its file format 4.5 (layers/LAYERFORMATv4_5.md of mitre-attack/attack-navigator).
import { techniqueUrl } from '../core/detect/attack/attack.ts'
import { type Entry, hasRule, isPassing, nameOf, plural, type Site, techniquesShown } from './model.ts'

const GREEN = '#4a9e6b'
const AMBER = '#e0b252'

export interface Layer {
  readonly file: string
  readonly json: Readonly<Record<string, unknown>>
}

export const layers = (site: Site): Layer[] => [
  {
    file: 'layers/has-a-rule.json',
    json: layer(
      site,
      'has a rule',
      'Techniques with a detection, whether or not a test shows that it works.',
      () => true,
      AMBER,
    ),
  },
  {
    file: 'layers/has-a-passing-test.json',
    json: layer(
      site,
      'has a passing test',
      'Techniques with a detection of which a test passes in which it must fire.',
      isPassing,
      GREEN,
    ),
  },
]

function layer(site: Site, name: string, description: string, counts: (e: Entry) => boolean, color: string) {
  // The Navigator accepts only whole version numbers.
  const version = site.entries
    .map((e) => e.detection.attack.version.split('.')[0] ?? '')
    .sort()
    .at(-1)
  const techniques = techniquesShown(site.entries).flatMap((id) => {
    const entries = hasRule(site, id).filter(counts)
    return entries.length === 0 ? [] : [technique(site, id, entries)]
  })
  return {
    name: `${site.title}: ${name}`,
    versions: { ...(version && { attack: version }), navigator: '5.1.0', layer: '4.5' },
    domain: 'enterprise-attack',
    description,
    sorting: 3,
    layout: { layout: 'side', showID: true, showName: true, expandedSubtechniques: 'annotated' },
    hideDisabled: false,
    techniques,
    gradient: { colors: ['#ffffff', color], minValue: 0, maxValue: 1 },
    legendItems: [{ label: name, color }],
    metadata: [{ name: 'as of', value: site.date }],
  }
}

/** Without a tactic, the Navigator marks the technique under each of its tactics. */
function technique(site: Site, id: string, entries: readonly Entry[]) {
  const views = entries.flatMap((e) => e.views)
  return {
    techniqueID: id,
    score: 1,
    comment: `${plural(entries.length, 'detection')} of ${nameOf(id).name}`,
    enabled: true,
    metadata: entries.map((e) => ({
      name: e.detection.id,
      value: e.views.map((v) => `${v.name}: ${v.standing}`).join('; '),
    })),
    // A link needs a protocol, so there are links only if the site's own address is known.
    links: [
      { label: 'ATT&CK', url: techniqueUrl(id) },
      ...(site.base === undefined ? [] : views.map((v) => ({ label: v.name, url: site.base + v.url }))),
    ],
  }
}
