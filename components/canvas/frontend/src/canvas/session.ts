// One canvas on the page: the newest answer, the queue, what the person has selected and folded.

import { hold, release } from "./later";
import { applyAll } from "./model/optimistic";
import type { Anchor, CanvasData, CardId, Catalogue, Inspected, Lane, Notice, Operation, Outbox, Seeing, Seen } from "./model/protocol";
import { acknowledge, emptyQueue, enqueue, forget, isStale, outbox, type Queue, retry } from "./model/queue";
import { reuse } from "./model/reuse";
import { createStore, type Store } from "./model/store";
import type { InsertionLine } from "./model/drag";
import { type Ids, NONE, remaining } from "./model/selection";
import { find, locate, walk } from "./model/tree";

export interface State {
  readonly data: CanvasData | null;
  readonly catalogue: Catalogue | null;
  /** The tree on show: the newest answer with the unacknowledged operations applied. */
  readonly cards: Lane;
  readonly pending: number;
  readonly late: boolean;
  /** The card whose settings are shown. */
  readonly selected: CardId | null;
  /** All selected cards where there are several, else none. */
  readonly chosen: Ids;
  /** Where a range of cards begins. */
  readonly pivot: CardId | null;
  readonly folded: Ids;
  readonly closed: ReadonlySet<string>;
  readonly search: string;
  readonly sheet: boolean;
  /** The palette's one stop for the Tab key. */
  readonly stop: string | null;
  /** The menu that is open. */
  readonly menu: string | null;
  readonly help: boolean;
  /** Samples in a batch, for the memory that they take. */
  readonly batch: number;
  /** Whether the arithmetic is shown, and the output size that is wanted of a layer. */
  readonly arithmetic: boolean;
  readonly wanted: Inspected | null;
  /** The sample on the cards (null: none), the newest answer about one, and the strip that is enlarged. */
  readonly seeing: Seeing | null;
  readonly seen: Seen | null;
  readonly enlarged: CardId | null;
  readonly said: string;
  readonly notice: Notice | null;
  readonly focus: { readonly id: CardId; readonly keyboard: boolean } | null;
  readonly naming: number;
  readonly lifted: Lifted | null;
}

/** Cards lifted by keyboard, and the gaps they can be put into. */
export interface Lifted {
  readonly ids: readonly CardId[];
  readonly gaps: readonly Anchor[];
  readonly index: number;
}

/** What moves with the pointer; apart, so that a move draws nothing but the ghost and the line. */
export interface Drag {
  readonly ghost: { readonly kind: string; readonly name: string | null; readonly ids: Ids } | null;
  readonly x: number;
  readonly y: number;
  readonly line: InsertionLine | null;
  readonly into: CardId | null;
}

export interface Session {
  readonly store: Store<State>;
  readonly drag: Store<Drag>;
  receive(data: CanvasData): void;
  dispatch(operation: Operation): void;
  connect(send: (outbox: Outbox) => void): void;
  close(): void;
}

const RESEND_MS = 4000;
const RESEND_LIMIT_MS = 30_000;
/** What outlives a canvas that is taken off the page and put on it again. */
const page = {
  client: `x${randomId()}`,
  catalogues: new Map<string, Catalogue>(),
  queues: new Map<string, Queue>(),
  told: new Set<string>(),
  seeing: new Map<string, Seeing | null>(),
};

export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) =>
    (byte % 36).toString(36)).join("");
}

const START: State = {
  data: null, catalogue: null, cards: [], pending: 0, late: false, selected: null, chosen: NONE, pivot: null,
  folded: NONE, closed: new Set(), search: "", sheet: false, stop: null, menu: null, help: false, batch: 32,
  arithmetic: true, wanted: null, seeing: null, seen: null, enlarged: null, said: "", notice: null,
  focus: null, naming: 0, lifted: null,
};

export function createSession(client: string = page.client): Session {
  const store = createStore<State>(START);
  const drag = createStore<Drag>({ ghost: null, x: 0, y: 0, line: null, into: null });
  let queue: Queue = page.queues.get(client) ?? emptyQueue(client);
  let send: (value: Outbox) => void = () => {};
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let copyOf: { seq: number; id: CardId } | null = null;

  const has = (): string | null => {
    const hash = store.get().data?.catalogueHash;
    return hash !== undefined && page.catalogues.has(hash) ? hash : null;
  };

  const flush = (): void => {
    send(outbox(queue, has()));
    clearTimeout(timer);
    if (closed) return;
    const wait = Math.min(RESEND_MS * 2 ** queue.attempt, RESEND_LIMIT_MS);
    timer = setTimeout(resend, wait);
  };
  const resend = (): void => {
    if (queue.waiting.length === 0 && store.get().catalogue) return;
    queue = retry(queue);
    store.set({ late: true });
    flush();
  };
  const show = (data: CanvasData): void => {
    const { catalogue } = store.get();
    const cards = applyAll(data.cards, queue.waiting, catalogue);
    store.set({ cards: reuse(store.get().cards, cards), pending: queue.waiting.length });
  };

  return {
    store,
    drag,
    connect(next) {
      send = next;
    },
    receive(data) {
      if (isStale(queue, data)) return;
      const waited = queue.waiting.length;
      const first = !store.get().data;
      queue = acknowledge(queue, data);
      if (queue.waiting.length === 0) clearTimeout(timer);
      else if (first || data.client !== queue.client) {
        // What a canvas taken off the page has left, and a server that has started anew and has
        // not heard of this page: it gets the queue at once.
        queue = retry(queue);
        flush();
      }
      if (data.catalogue && !page.catalogues.has(data.catalogueHash)) {
        page.catalogues.set(data.catalogueHash, data.catalogue);
      }
      const before = store.get();
      const catalogue = page.catalogues.get(data.catalogueHash) ?? null;
      store.set({
        ...(first ? { seeing: page.seeing.get(data.epoch) ?? null } : {}),
        data: reuse(before.data, data), catalogue, seen: latest(before, data),
        late: queue.waiting.length > 0 && before.late && queue.waiting.length === waited,
      });
      show(store.get().data ?? data);
      store.set(keep(store.get(), copyOf && queue.seen && queue.seen.ack >= copyOf.seq ? copyOf.id : null));
      if (copyOf && queue.seen && queue.seen.ack >= copyOf.seq) copyOf = null;
      store.set(news(data));
      if (queue.waiting.length === 0) release();
      if (!catalogue) flush();
    },
    dispatch(operation) {
      const { data } = store.get();
      if (operation.op === "duplicate") copyOf = { seq: queue.next, id: operation.block };
      queue = enqueue(queue, operation);
      hold();
      flush();
      if (data) show(data);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      page.queues.set(client, forget(queue));
      const { data, seeing } = store.get();
      if (data) page.seeing.set(data.epoch, seeing);
    },
  };
}

/** Selection, folding and the lifted card as far as they still exist; a new copy is selected. */
function keep(state: State, copied: CardId | null): Partial<State> {
  const ids = new Set(Array.from(walk(state.cards), (card) => card.id));
  const folded = [...state.folded].filter((id) => ids.has(id));
  const place = copied === null ? null : locate(state.cards, copied);
  const copy = place?.siblings[place.index + 1] ?? null;
  return {
    selected: copy?.id ?? find(state.cards, state.selected)?.id ?? null,
    folded: folded.length === state.folded.size ? state.folded : new Set(folded),
    chosen: copy ? NONE : several(remaining(state.cards, state.chosen)),
    lifted: state.lifted?.ids.every((id) => ids.has(id)) ? state.lifted : null,
    ...(copy ? { pivot: copy.id, focus: { id: copy.id, keyboard: false } } : {}),
  };
}

/** What the cards show of the sample: an answer without it leaves the last one, of this network. */
function latest({ data: before, seen, seeing }: State, { epoch, seen: next }: CanvasData): Seen | null {
  if (!seeing) return null;
  if (next) return reuse(seen, next);
  return before?.epoch === epoch ? seen : null;
}

function several(ids: Ids): Ids {
  return ids.size > 1 ? ids : NONE;
}

/** A notice that has not been told on this page yet. */
function news({ epoch, notice }: CanvasData): Partial<State> {
  const key = `${epoch} ${notice?.id}`;
  if (!notice || page.told.has(key)) return {};
  page.told.add(key);
  return { notice, said: notice.text };
}
