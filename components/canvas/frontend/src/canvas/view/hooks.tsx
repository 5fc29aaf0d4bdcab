// Drawing from the session's stores: a component is drawn again only when what it picked changes.

import { type ComponentType, createContext, createElement, type VNode } from "preact";
import { useContext, useLayoutEffect, useMemo, useReducer, useRef } from "preact/hooks";
import type { Store } from "../model/store";
import type { Drag, Session, State } from "../session";

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("A canvas view was drawn outside its session");
  return session;
}

export function useStore<T, R>(store: Store<T>, pick: (value: T) => R): R {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const picked = pick(store.get());
  const latest = useRef({ pick, picked });
  latest.current = { pick, picked };
  useLayoutEffect(() => {
    const check = (): void => {
      const { pick: choose, picked: shown } = latest.current;
      if (!Object.is(choose(store.get()), shown)) redraw(undefined);
    };
    check();
    return store.subscribe(check);
  }, [store]);
  return picked;
}

export function useSelector<R>(pick: (state: State) => R): R {
  return useStore(useSession().store, pick);
}

export function useDrag<R>(pick: (drag: Drag) => R): R {
  return useStore(useSession().drag, pick);
}

/** A component drawn again only when a property changes. */
export function memo<P extends object>(Inner: (props: P) => VNode | null): ComponentType<P> {
  return function Memo(props: P) {
    const kept = useRef(props);
    if (!shallowEqual(kept.current, props)) kept.current = props;
    return useMemo(() => createElement(Inner as ComponentType<P>, kept.current), [kept.current]);
  };
}

function shallowEqual(a: object, b: object): boolean {
  const keys = Object.keys(b) as (keyof typeof b)[];
  return keys.length === Object.keys(a).length && keys.every((key) => Object.is(a[key], b[key]));
}
