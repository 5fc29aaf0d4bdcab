"""Turn a data set's samples into the input that a network takes; needs torch."""

from __future__ import annotations

import math

from torch import Tensor
from torch.nn import functional as F

from builder.document import TensorType


def adapt(inputs: Tensor, given: TensorType) -> Tensor:
    """Samples in the shape of the network's input.

    Images are resized bilinearly to the wanted height and width, grey is repeated to three
    channels, three channels are averaged to grey; a flat input takes the pixels row by row.

    Shape: samples × own shape to samples × ``given.shape``. Raises ValueError where nothing fits.
    """
    own = tuple(inputs.shape[1:])
    if own == given.shape:
        return inputs
    if given.shape == (math.prod(own),):
        return inputs.flatten(1)
    if len(own) != 3 or len(given.shape) != 3:
        raise ValueError(f"samples of {TensorType(own)} cannot become {given}")
    if own[1:] != given.shape[1:]:
        inputs = F.interpolate(inputs, size=given.shape[1:], mode="bilinear", align_corners=False)
    return _recolour(inputs, given.shape[0])


def _recolour(images: Tensor, channels: int) -> Tensor:
    """Images of N×C×H×W with another number of channels."""
    if images.shape[1] == channels:
        return images
    if images.shape[1] == 1 and channels == 3:
        return images.repeat(1, channels, 1, 1)
    if channels == 1:
        return images.mean(1, keepdim=True)
    raise ValueError(f"images of {images.shape[1]} channels cannot become ones of {channels}")
