// What travels between Python and the browser: cards down, operations up.

export type Scalar = null | boolean | number | string;
export type Value = Scalar | readonly Value[];
export type CardId = string;

/** A place in the tree: before a card of a lane, or at the lane's end. */
export interface Anchor {
  readonly into: CardId | null;
  readonly lane: number;
  readonly before: CardId | null;
}

export interface Issue {
  readonly code: string;
  readonly message: string;
  readonly repair: string | null;
}

export interface Card {
  readonly id: CardId;
  readonly kind: string;
  readonly name: string | null;
  readonly bypassed: boolean;
  /** Set on this card itself; what a frozen container holds is frozen too. */
  readonly frozen: boolean;
  readonly params: Readonly<Record<string, Value>>;
  readonly filled: Readonly<Record<string, Value>>;
  readonly summary: string;
  readonly input: string | null;
  readonly output: string | null;
  readonly parameters: number;
  /** How many of them training changes. */
  readonly trainable: number;
  readonly state: "ok" | "fault" | "waiting" | "bypassed";
  readonly issue: Issue | null;
  readonly waitsFor: string | null;
  readonly lanes: readonly Lane[] | null;
  /** What the lanes are given, where that is not the container's own input. */
  readonly inside?: string | null;
  /** Multiply-adds of one sample. */
  readonly madds?: number | null;
  /** Bytes that the output of one sample takes. */
  readonly activations?: number | null;
  /** Set in the browser alone: shapes from this card on are older than the edit on show. */
  readonly touched?: boolean;
}
export type Lane = readonly Card[];

export type ParameterType =
  | "integer" | "number" | "boolean" | "choice" | "sizes" | "shape" | "padding" | "factors";

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly required: boolean;
  readonly initial?: Value;
  readonly default?: Value;
  readonly minimum?: number | null;
  readonly maximum?: number | null;
  /** The value must be larger than this. */
  readonly above?: number | null;
  readonly options?: readonly Scalar[] | null;
  readonly axes?: number | null;
  readonly nullable?: boolean;
  /** Single axes may be None. */
  readonly holes?: boolean;
  /** One size may be -1, to be worked out. */
  readonly wild?: boolean;
  /** What may stand instead of sizes, such as "same". */
  readonly words?: readonly string[];
  readonly follows?: boolean;
  readonly more?: boolean;
  readonly help: string;
}

export interface Kind {
  readonly kind: string;
  readonly category: string;
  readonly summary: string;
  readonly keywords: readonly string[];
  readonly url: string | null;
  readonly container: boolean;
  readonly lanes: Lanes | null;
  readonly parameters: readonly Parameter[];
}

export interface Lanes {
  readonly min: number;
  readonly max: number | null;
  /** What the first lane is called, and all of them where `others` names none. */
  readonly label: string;
  /** What the lanes after the first are called. */
  readonly others?: readonly string[];
}

export interface DataSet {
  readonly id: string;
  readonly title: string;
  readonly label: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

export interface Template {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
}

export interface Catalogue {
  readonly categories: readonly { readonly name: string; readonly kinds: readonly string[] }[];
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly dataSets: readonly DataSet[];
  readonly templates: readonly Template[];
}

export interface Input {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly label: string;
  readonly data: string | null;
  /** The data set where it is a person's own, which the catalogue does not list. */
  readonly own?: DataSet;
}

export interface Totals {
  readonly parameters: number;
  readonly trainable: number;
  readonly layers: number;
  readonly output: string | null;
  readonly faults: number;
  readonly madds?: number | null;
  /** Bytes of all parameters. */
  readonly weights?: number | null;
  /** Bytes of all outputs of one sample. */
  readonly activations?: number | null;
  readonly target: Issue | null;
}

/** The arithmetic of the layer that is looked at. */
export interface Worked {
  readonly block: CardId;
  readonly formulas: readonly Formula[];
  /** The output's size on each axis; null where it is not to be chosen. */
  readonly size: readonly number[] | null;
  readonly wanted: readonly number[] | null;
  /** The settings that give the wanted size. */
  readonly options: readonly { readonly label: string; readonly params: Readonly<Record<string, Value>> }[];
}

export interface Formula {
  readonly title: string;
  readonly formula: string;
  /** The same with this layer's own numbers. */
  readonly worked: string;
  readonly terms: readonly { readonly symbol: string; readonly value: Value; readonly meaning: string }[];
}

/** A sample on the cards: which, and with which weights. */
export interface Seeing {
  readonly sample: number;
  readonly weights: "initial" | "trained";
}

/** What is asked of Python: the same for the network as it stands at this revision. */
export interface AskedToSee extends Seeing {
  readonly revision: number;
}

/** What the layers make of the sample. */
export interface Seen {
  readonly asked: AskedToSee;
  /** The data set's title, or null for random numbers. */
  readonly data: string | null;
  readonly sample: number;
  readonly count: number | null;
  readonly label: string | null;
  readonly seed: number;
  readonly trained: boolean;
  /** The run whose weights fit the network, in words. */
  readonly run: string | null;
  readonly guess: { readonly text: string; readonly right: boolean | null } | null;
  /** Why there are no strips. */
  readonly trouble: string | null;
  /** By card; that of the input has an empty id. */
  readonly strips: Readonly<Record<CardId, Strip>>;
}

/** An output in a few small pictures, side by side in one PNG. */
export interface Strip {
  readonly form: "maps" | "table" | "row";
  readonly source: string;
  readonly tiles: number;
  /** How many channels there are. */
  readonly of: number;
  /** Width by height of one picture. */
  readonly ratio: number;
  readonly low: string;
  readonly high: string;
  readonly facts: string;
  readonly alt: string;
}

export interface Notice {
  readonly id: number;
  readonly kind: "info" | "warning";
  readonly text: string;
}

export interface CanvasData {
  readonly protocol: 1;
  readonly epoch: string;
  readonly client: string | null;
  readonly ack: number;
  readonly revision: number;
  readonly catalogue?: Catalogue | null;
  readonly catalogueHash: string;
  readonly input: Input;
  readonly cards: readonly Card[];
  readonly totals: Totals;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly notice: Notice | null;
  readonly worked?: Worked | null;
  /** Absent from the answer to an edit, which comes first. */
  readonly seen?: Seen | null;
}

/** A card as it is saved and copied: what was set, and what it holds. */
export interface Block {
  readonly id: string;
  readonly kind: string;
  readonly name?: string;
  readonly params?: Readonly<Record<string, Value>>;
  readonly bypassed?: boolean;
  readonly frozen?: boolean;
  readonly lanes?: readonly (readonly Block[])[];
}

export type Operation =
  | ({ op: "insert"; id: CardId; kind: string; params?: Record<string, Value> } & Anchor)
  | ({ op: "move"; block: CardId } & Anchor)
  | { op: "remove" | "duplicate" | "add_lane"; block: CardId }
  | ({ op: "paste"; id: string; content: unknown } & Anchor)
  | { op: "set_all"; block: CardId; values: Readonly<Record<string, Value>> }
  | { op: "batch"; operations: readonly Operation[] }
  | { op: "set"; block: CardId; name: string; value: Value }
  | { op: "unset"; block: CardId; name: string }
  | { op: "rename"; block: CardId; name: string | null }
  | { op: "bypass"; block: CardId; bypassed: boolean }
  | { op: "freeze"; block: CardId; frozen: boolean }
  | { op: "wrap"; block: CardId; kind: string; more?: readonly CardId[]; id?: CardId }
  | { op: "remove_lane"; block: CardId; lane: number }
  | { op: "input"; shape: readonly number[]; dtype?: string; data: string | null }
  | { op: "clear" | "undo" | "redo" }
  | { op: "repair"; block: CardId | null; code: string }
  | { op: "template"; template: string };

export type Numbered = Operation & { readonly seq: number };

/** The other state value: the layer whose arithmetic is on show, and the output size wanted of it. */
export interface Inspected {
  readonly block: CardId;
  readonly wanted: readonly number[] | null;
}

/** The one state value Python reads: every operation it has not yet acknowledged. */
export interface Outbox {
  readonly client: string;
  readonly has: string | null;
  readonly epoch: string | null;
  readonly attempt: number;
  readonly operations: readonly Numbered[];
}
