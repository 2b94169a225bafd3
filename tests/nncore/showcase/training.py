"""A training of a project, as every demonstration runs it."""

from __future__ import annotations

from nncore.datasets import TrainingData, load_training_data
from nncore.events import Finished
from nncore.project import Project
from nncore.session import Session


def data_of(project: Project) -> TrainingData:
    """Return the project's data, split and scaled as its settings say."""
    return load_training_data(
        project.data.source,
        validation_split=project.training.validation_split,
        target_column=project.data.target_column,
        test_source=project.data.test_source,
        scaling=project.data.scaling,
        task=project.data.task,
    )


def ready(project: Project, **changes: object) -> Session:
    """Return the session of the project before its first step, with some training settings changed."""
    return Session(project.network, project.training.replace(**changes), data_of(project))


def finish(session: Session) -> Session:
    """Learn to the end; the training must not fail."""
    *_, last = session.run()
    assert isinstance(last, Finished), last
    return session


def learned(project: Project, **changes: object) -> Session:
    """Return the session of the project after its last epoch, with some training settings changed."""
    return finish(ready(project, **changes))
