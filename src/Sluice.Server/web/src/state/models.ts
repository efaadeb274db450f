import { computed, signal } from '@preact/signals';
import { ApiError } from '../api/api-error';
import * as api from '../api/models';
import type { Model } from '../api/types';
import { choices } from './storage';

/** The models that may be asked; empty while they are not known. */
export const models = signal<readonly Model[]>([]);

/** Whether the server has said which models there are, or has failed to. */
export const areModelsKnown = signal(false);

const wanted = signal(choices.get('model') ?? '');

/** The model that is asked next: what was chosen, if it is still there; else the server's default. Empty leaves it to the server. */
export const model = computed(() => (models.value.some(one => one.id === wanted.value) ? wanted.value : models.value[0]?.id ?? ''));

/** Whether there is no model but the built-in guide. */
export const isGuide = computed(() => models.value.find(one => one.id === model.value)?.owned_by === 'guide');

export function choose(id: string): void {
  wanted.value = id;
  choices.set('model', id);
}

/** Without the list the server's default answers; the first question will tell what is wrong. */
export async function loadModels(): Promise<void> {
  try {
    models.value = await api.models();
  } catch (problem) {
    if (!(problem instanceof ApiError)) throw problem;
  } finally {
    areModelsKnown.value = true;
  }
}
