/** Part of an edition with one reader's list. */
export const readerPart = (readerId: string): string => `reader:${readerId}`;
/** Part of an edition with the titles related to one. */
export const relatedPart = (itemId: string): string => `related:${itemId}`;
/** Part with the list for readers without history. */
export const popularPart = 'popular';
/** Part with the names of all titles that the edition mentions: key is the item id, body `{ title, title_en, author, author_en }`. */
export const titlesPart = 'titles';
