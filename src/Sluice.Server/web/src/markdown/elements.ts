/** An element of HTML with a class and attributes, around what is given. */
export function element(name: string, className: string, attributes: Record<string, string> = {}, ...content: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  if (className) made.className = className;
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...content);
  return made;
}
