const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it must stand in HTML, also within an attribute. */
export const escape = (text: string): string => text.replace(/[&<>"']/g, sign => entities[sign]!);
