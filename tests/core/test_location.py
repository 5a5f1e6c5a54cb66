"""The folders of the person at this machine, whatever the environment says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from deckgen.core.location import user_folder

posix = pytest.mark.skipif(os.name != "posix", reason="the home has another variable on this system")


@posix
@pytest.mark.parametrize("home", ["", "/", ".", "home/me"])
def test_a_home_that_is_no_folder_of_the_user_is_none(home, monkeypatch):
    """Consent and caches would be written below '/', or below the checkout that somebody works in."""
    monkeypatch.setenv("HOME", home)
    monkeypatch.delenv("XDG_CONFIG_HOME")

    assert user_folder(".config", "XDG_CONFIG_HOME") is None


@posix
@pytest.mark.parametrize("other", ["", ".", "config", "~/config"])
def test_a_variable_with_a_relative_path_does_not_count(other, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", other)

    assert user_folder(".config", "XDG_CONFIG_HOME") == tmp_path / ".config"


def test_a_variable_with_an_absolute_path_counts_without_a_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", "")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    assert user_folder(".config", "XDG_CONFIG_HOME") == Path(tmp_path)
