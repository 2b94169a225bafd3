"""Forms for whatever is declared: layers, training, data."""

from __future__ import annotations

from workbench.forms.data_form import DataForm
from workbench.forms.form import SpecForm
from workbench.forms.layer_form import LayerForm
from workbench.forms.properties_panel import PropertiesPanel
from workbench.forms.training_form import TrainingForm

__all__ = ["DataForm", "LayerForm", "PropertiesPanel", "SpecForm", "TrainingForm"]
