/** The fields of a product's events in each of its feeds, from the vendor's documentation and from samples. */
export interface EventCatalogue {
  readonly name: string
  readonly title: string
  /** Feed → names of the formats in which it comes. */
  readonly feeds: Readonly<Record<string, readonly string[]>>
  /** The field that names the type of an event. */
  readonly typeField: string
  readonly events: readonly EventType[]
  /** More names of event types and of fields, for "did you mean". */
  readonly eventNames: readonly string[]
  readonly fieldNames: readonly string[]
  /** Field → the look-up that supplies it where an event lacks it, in one sentence; for all event types. */
  readonly suppliers: Readonly<Record<string, string>>
  /** Field → event types that have it in no feed, and the reason. */
  readonly inNoFeed: Readonly<Record<string, { readonly events: readonly string[]; readonly why: string }>>
}

export interface EventType {
  readonly name: string
  /** In every feed. */
  readonly fields: readonly string[]
  /** Only in some feeds. */
  readonly only: Readonly<Record<string, readonly string[]>>
  /** Only from some sensors or versions. */
  readonly sometimes: readonly string[]
}

interface Supply {
  /** Feeds whose events of this type carry the field. */
  readonly inFeeds: readonly string[]
  /** One sentence; absent: no known look-up supplies it. */
  readonly suppliedBy?: string
  /** No feed carries it and no look-up supplies it. */
  readonly never: boolean
}

/** Where a field of an event type comes from; undefined: the catalogue has no such type, or cannot exclude the field. */
export function whatSupplies(catalogue: EventCatalogue, event: string, field: string): Supply | undefined {
  const type = catalogue.events.find((e) => e.name === event)
  if (!type) return undefined
  const feeds = Object.keys(catalogue.feeds)
  const everywhere = type.fields.includes(field) || type.sometimes.includes(field)
  const inFeeds = everywhere ? feeds : feeds.filter((f) => type.only[f]?.includes(field))
  const none = Object.hasOwn(catalogue.inNoFeed, field) ? catalogue.inNoFeed[field] : undefined
  const never = inFeeds.length === 0 && none?.events.includes(event) === true
  const suppliedBy = Object.hasOwn(catalogue.suppliers, field) ? catalogue.suppliers[field] : undefined
  if (inFeeds.length === 0 && !never && suppliedBy === undefined) return undefined
  return { inFeeds, never, ...(inFeeds.length === feeds.length || suppliedBy === undefined ? {} : { suppliedBy }) }
}

/** The feed of a format. */
export const feedOf = (catalogue: EventCatalogue, format: string): string | undefined =>
  Object.keys(catalogue.feeds).find((f) => catalogue.feeds[f]?.includes(format))
