"""Data sets that are fetched once: MNIST, Fashion-MNIST and CIFAR-10."""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from builder.datasets import kept
from builder.datasets.entry import Arrays, DataError, DataSet, RemoteFile, Target
from builder.document import TensorType
from builder.home import data_folder

MNIST_FILES = ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")

Read = Callable[[list[Path]], tuple[np.ndarray, np.ndarray]]
"""Images N×C×H×W and classes N, bytes both, of the files."""


def make(entry: DataSet, read: Read) -> DataSet:
    """The entry with the functions that prepare and load what ``read`` finds in its files."""

    def prepare() -> None:
        """Read the files and keep the samples, the values 0 to 255 as 0 to 1."""
        folder = data_folder(entry.id)
        try:
            images, classes = read([folder / file.name for file in entry.files])
        except (ValueError, KeyError, OSError, EOFError, zlib.error, tarfile.TarError) as error:
            raise DataError(f"The files of {entry.title} can't be read: {error}.") from None
        _check(entry, images, classes)
        scaled = images.astype(np.float32)
        scaled /= 255
        kept.save(folder, Arrays(scaled, classes.astype(np.int64)))

    def load() -> Arrays:
        """The samples as they lie in their files."""
        return kept.load(data_folder(entry.id), entry.title)

    return replace(entry, prepare=prepare, load=load)


def _check(entry: DataSet, images: np.ndarray, classes: np.ndarray) -> None:
    expected, found = (entry.samples, *entry.input.shape), images.shape
    if found != expected or classes.shape != expected[:1]:
        raise DataError(
            f"The files of {entry.title} hold images of {'×'.join(map(str, found))} and "
            f"{len(classes)} classes, not {'×'.join(map(str, expected))}."
        )
    if classes.max() >= entry.target.outputs:
        raise DataError(f"The files of {entry.title} hold a class {classes.max()}.")


def _unread() -> Arrays:
    raise NotImplementedError("an entry is completed by make")


def read_mnist(paths: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    """Training and test images behind each other, and so their classes."""
    from builder.datasets import readers

    parts = [readers.read_idx(path) for path in paths]
    images = np.concatenate([parts[0], parts[2]])
    return images[:, None], np.concatenate([parts[1], parts[3]])


def _write_mnist(name: str, mirror: str, files: tuple[RemoteFile, ...]) -> str:
    """How a script reads the four files."""
    listed = "".join(f'    "{file.name}": "{file.md5}",\n' for file in files)
    return (
        f'mirror = "{mirror}"\n'
        f"files = {{\n{listed}}}\n"
        f'folder = "data/{name}"\n'
        "parts = [read_idx(fetch(mirror + name, md5, folder)) for name, md5 in files.items()]\n"
        "images = np.concatenate([parts[0], parts[2]])[:, None]\n"
        "inputs = torch.tensor(images.astype(np.float32) / 255)\n"
        "targets = np.concatenate([parts[1], parts[3]])\n"
        "targets = torch.tensor(targets.astype(np.int64))\n"
    )


def _describe_mnist(
    name: str,
    title: str,
    summary: str,
    classes: tuple[str, ...],
    mirror: str,
    files: tuple[tuple[int, str], ...],
) -> DataSet:
    remote = tuple(
        RemoteFile(f"{mirror}{each}-ubyte.gz", *about)
        for each, about in zip(MNIST_FILES, files, strict=True)
    )
    entry = DataSet(
        id=name,
        title=title,
        summary=summary,
        input=TensorType((1, 28, 28)),
        target=Target("classes", classes),
        samples=70_000,
        load=_unread,
        imports=IDX_IMPORTS,
        source=_write_mnist(name, mirror, remote),
        readers=("fetch", "read_idx"),
        folder=name,
        files=remote,
    )
    return make(entry, read_mnist)


FETCH_IMPORTS = ("import hashlib", "import urllib.request", "from pathlib import Path")
IDX_IMPORTS = ("import gzip", *FETCH_IMPORTS)

MNIST = _describe_mnist(
    "mnist",
    "MNIST",
    "70,000 handwritten digits of 28×28 grey pixels, ten classes",
    tuple("0123456789"),
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    (
        (9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        (28_881, "d53e105ee54ea40749a09fcbcd1e9432"),
        (1_648_877, "9fb629c4189551a2d022fa330f9573f3"),
        (4_542, "ec29112dd5afa0611ce80d1b7f02629c"),
    ),
)

FASHION_MNIST = _describe_mnist(
    "fashion_mnist",
    "Fashion-MNIST",
    "70,000 pictures of clothes, 28×28 grey pixels, ten classes",
    (
        "T-shirt",
        "trousers",
        "pullover",
        "dress",
        "coat",
        "sandal",
        "shirt",
        "sneaker",
        "bag",
        "ankle boot",
    ),
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    (
        (26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        (29_515, "25c81989df183df01b3e8a0aad5dffbe"),
        (4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
        (5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
    ),
)

_CIFAR = RemoteFile(
    "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    170_052_171,
    "c32a1d4ab5d03f1284b67883e8d87530",
)


def read_cifar(paths: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    """The images and classes of the one archive."""
    from builder.datasets import readers

    return readers.read_cifar(paths[0])


CIFAR10 = make(
    DataSet(
        id="cifar10",
        title="CIFAR-10",
        summary="60,000 photographs of 32×32 colour pixels, ten classes",
        input=TensorType((3, 32, 32)),
        target=Target(
            "classes",
            (
                "aeroplane",
                "car",
                "bird",
                "cat",
                "deer",
                "dog",
                "frog",
                "horse",
                "ship",
                "lorry",
            ),
        ),
        samples=60_000,
        load=_unread,
        imports=(*FETCH_IMPORTS, "import tarfile"),
        source=f"""\
url = "{_CIFAR.url}"
archive = fetch(url, "{_CIFAR.md5}", "data/cifar10")
images, classes = read_cifar(archive)
inputs = torch.tensor(images.astype(np.float32) / 255)
targets = torch.tensor(classes.astype(np.int64))
""",
        readers=("fetch", "read_cifar"),
        folder="cifar10",
        files=(_CIFAR,),
    ),
    read_cifar,
)
