"""Linear three times: as a matrix product, as a module of one's own, and as ``nn.Linear``."""

from __future__ import annotations

from dataclasses import dataclass

from builder.catalogue.spec import Arguments, Spec
from builder.lessons.lesson import Lesson
from builder.lessons.running import Array, make_layer, opening, run, to_array
from builder.lessons.samples import FLOWERS, Sample

OWN_MODULE = '''\
class OwnLinear(nn.Module):
    """A linear layer from scratch: two parameters and a matrix product."""

    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features)) if bias else None
        nn.init.kaiming_uniform_(self.weight, a=5**0.5)

    def forward(self, x):
        y = x @ self.weight.T
        return y if self.bias is None else y + self.bias
'''


@dataclass(frozen=True)
class Linear:
    """The same numbers by three ways, rows samples; ``difference`` is the largest between them."""

    source: str
    printed: str
    x: Array
    weight: Array
    bias: Array | None
    product: Array
    own: Array
    torch_says: Array
    difference: float


LESSON = Lesson(
    "linear",
    lambda spec: spec.category == "Linear" and spec.parameter("out_features") is not None,
    (FLOWERS,),
    (("out_features", 3),),
)


def teach(spec: Spec, arguments: Arguments, sample: Sample) -> Linear:
    """Make the layer, and the same from scratch with the same weights."""
    layer = make_layer("linear", spec, arguments, sample)
    sizes = f"{arguments['in_features']}, {arguments['out_features']}"
    bias = bool(arguments["bias"])
    start, rest = opening(sample, layer), ["linear.weight.T", " + linear.bias" if bias else ""]
    lines = [
        *start[:3],
        "",
        "",
        *OWN_MODULE.splitlines(),
        "",
        *start[3:],
        "",
        layer,
        f"own = OwnLinear({sizes}{'' if bias else ', bias=False'})",
        "own.load_state_dict(linear.state_dict())  # the names of the parameters are the same",
        "",
        "with torch.no_grad():",
        f"    product = x @ {''.join(rest)}",
        "    by_own = own(x)",
        "    y = linear(x)",
        "",
        "difference = max((product - y).abs().max(), (by_own - y).abs().max())",
        "equal = torch.allclose(product, y) and torch.allclose(by_own, y)",
        'print(f"equal: {equal}, largest difference {difference:.1e}")',
    ]
    ran = run("\n".join(lines) + "\n")
    made = ran.values["linear"]
    return Linear(
        ran.source,
        ran.printed,
        ran.array("x"),
        to_array(made.weight),
        to_array(made.bias) if bias else None,
        ran.array("product"),
        ran.array("by_own"),
        ran.array("y"),
        float(ran.values["difference"]),
    )


def written_sum(lesson: Linear, sample: int, output: int) -> str:
    """One output value as the sum of its products."""
    pairs = zip(lesson.x[sample], lesson.weight[output], strict=True)
    terms = [f"{value:.2f}·{_signed(weight)}" for value, weight in pairs]
    bias = [] if lesson.bias is None else [f"{_signed(lesson.bias[output])} (bias)"]
    total = f"{lesson.torch_says[sample, output]:.4f}".replace("-", "−")
    return f"{' + '.join([*terms, *bias])}\n= {total}"


def _signed(number: float) -> str:
    return f"(−{-number:.3f})" if number < 0 else f"{number:.3f}"
