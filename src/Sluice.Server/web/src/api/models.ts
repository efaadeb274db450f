import { request } from './request';
import type { Model, Page } from './types';

/** The models that may be asked, the default first as the server lists them. */
export async function models(): Promise<Model[]> {
  return (await request<Page<Model>>('v1/models')).data;
}
