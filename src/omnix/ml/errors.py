"""What can go wrong with a model.

OmnixError
└── ModelError            a model cannot be fitted, asked, saved or loaded
    ├── TooLittleData         … for there is not enough history
    ├── FrameError            … for the rows it is handed are not what a model reads
    ├── NotFittedError        … before it was fitted
    └── RegistryError         the registry cannot be used, or knows no such model
        ├── PromotionRefused      the challenger has not won
        └── ArtefactDamaged       what is stored is not what was registered
├── FoldError             such folds cannot be
└── MetricError           two series cannot be compared: empty, unequal in length, not a number
"""

from __future__ import annotations

from omnix.core.errors import OmnixError


class ModelError(OmnixError):
    """A model cannot be fitted, asked, saved or loaded."""


class TooLittleData(ModelError):  # noqa: N818 - the state of the history, and the word people read
    """There is less history than the model needs; an answer would be a guess.

    `what` says what was to be done, `needed` what would make it possible.
    """

    def __init__(self, what: str, needed: str) -> None:
        self.needed = needed
        super().__init__(what, f"Needed: {needed}.")


class FrameError(ModelError):
    """Rows handed to a model lack a column, a value, or are there twice."""


class NotFittedError(ModelError):
    """A model was asked before it was fitted."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The model {name!r} is not fitted.", "Call `fit`, or load a saved one.")


class RegistryError(ModelError):
    """The model registry cannot be used, or it knows no such model or version."""


class PromotionRefused(RegistryError):  # noqa: N818 - what happened to the challenger
    """The challenger has not beaten the champion by more than noise; the champion stays."""


class ArtefactDamaged(RegistryError):  # noqa: N818 - the state of what is stored
    """The stored files of a version are not those that were registered."""


class MetricError(OmnixError):
    """Two series cannot be compared: one is empty, they differ in length, or hold no number."""


class FoldError(OmnixError):
    """Such folds cannot be: a horizon, a number of windows or a step below one."""
