import { choose, model, models } from '../state/models';
import { words } from '../words';
import { Icon } from './icon';

/** Which model answers next. With only one there is nothing to pick. */
export function ModelPicker() {
  if (models.value.length < 2) return <span class="model-one">{models.value[0]?.id}</span>;
  return (
    <label class="model" id="model-label">
      <span class="spoken">{words.model}</span>
      <select id="model" value={model.value} onChange={event => choose(event.currentTarget.value)}>
        {models.value.map(({ id }) => <option value={id}>{id}</option>)}
      </select>
      <Icon name="open" />
    </label>
  );
}
