import type { Found } from '../api/types';
import { search } from '../state/search';
import { words } from '../words';
import { count } from '../words/numbers';
import { link } from '../state/route';
import { Marked } from './marked';
import { openFound } from './open-found';

/** What the search found, with the words marked where they stand. */
export function SearchResults() {
  const found = search.found.value;
  if (search.isFailed.value) return <p class="list-note">{words.searchFailed}</p>;
  if (!found) return null;
  const query = search.words.value;
  if (found.length === 0) return <p class="list-note">{words.foundNone(query)}</p>;
  return (
    <section>
      <h3 class="age">{words.found(found.length, count(found.length))}</h3>
      <ul class="rows">{found.map(one => <FoundRow key={`${one.id} ${one.message ?? ''}`} found={one} query={query} />)}</ul>
    </section>
  );
}

function FoundRow({ found, query }: { found: Found; query: string }) {
  return (
    <li class="row-item">
      <a
        class="row-link found"
        href={link(found.id)}
        dir="auto"
        onClick={event => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
          event.preventDefault();
          openFound(found);
        }}
      >
        <span class="row-title"><Marked text={found.title || words.untitled} query={query} /></span>
        {found.snippet && <span class="snippet"><Marked text={found.snippet} query={query} /></span>}
      </a>
    </li>
  );
}
