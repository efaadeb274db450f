import { signal } from '@preact/signals';

/** The conversation whose title is being changed in the list, by its id. */
export const renamed = signal<string | null>(null);
