/** At most so many characters; the last one shows that the text goes on. */
export const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text)
