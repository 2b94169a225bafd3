"""What the README and the project's settings promise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("marker", ["start command", "test command"])
def test_that_the_readme_says_its_two_commands_where_they_are_looked_for(marker: str) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    found = re.search(rf"^<!-- {marker} -->\n```bash\n(.+)\n```$", text, re.MULTILINE)
    assert found is not None
    assert "python3 -m venv .venv" in found[1]


def test_that_pyside_is_pinned_to_the_series_that_keeps_its_references() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert '"PySide6-Essentials~=6.11.3"' in text


def test_that_every_picture_in_the_readme_exists() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
    assert pictures
    assert not [picture for picture in pictures if not (ROOT / picture).is_file()]
