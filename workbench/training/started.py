"""The project as the training under way has it.

Invariant: it is the project with which the training began, with the live fields that the training has taken over since;
what the person changes besides waits for the next training.
"""

from __future__ import annotations

from nncore.errors import InputError
from nncore.events import ChangeEpochs, ChangeNetwork, ChangeSettings
from nncore.project import Project
from nncore.session import Session
from nncore.training.live import network_with_live, with_live


class Started:
    """Passes live fields on to the session.

    Attributes:
        project: see above; of the last training when none is under way.
        target_epochs: the epoch at which the training ends.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.target_epochs = 0
        self._first_epochs, self._first_target = 0, 0

    def take_session(self, session: Session) -> None:
        """Notice where a session that has been made for the project will end: one that goes on may end later."""
        self.target_epochs = self._first_target = session.settings.epochs
        self._first_epochs = self.project.training.epochs

    def pass_on(self, now: Project, session: Session) -> InputError | None:
        """Have the session take over the live fields of the project as it is now; return what it refuses."""
        refused, then = None, self.project
        network, settings = network_with_live(then.network, now.network), with_live(then.training, now.training)
        if settings.epochs != then.training.epochs:
            # Taking the change back brings the end back that the training had, which may be a later one.
            self.target_epochs = self._first_target if settings.epochs == self._first_epochs else settings.epochs
            session.request(ChangeEpochs(self.target_epochs))
        if settings.replace(epochs=then.training.epochs) != then.training:
            try:
                session.request(ChangeSettings(settings))
            except InputError as error:
                refused = error
                settings = settings.replace(batch_size=then.training.batch_size)
                session.request(ChangeSettings(settings))
        if network != then.network:
            session.request(ChangeNetwork(network))
        self.project = then.replace(network=network, training=settings)
        return refused

    def is_behind(self, now: Project) -> bool:
        """Return whether the project as it is now has changes that the training does not take over."""
        then = self.project
        return (now.network, now.data, now.training) != (then.network, then.data, then.training)
