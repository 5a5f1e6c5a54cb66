from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("default", deadline=None, derandomize=True)
settings.load_profile("default")

_GIT = {"maintenance.auto": "false", "core.fsync": "none"}
"""Settings for the repositories of tests, which live for seconds."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not os.environ.get("DECKGEN_SLOW"):
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="slow: make test-slow"))


def pytest_collection_finish() -> None:
    gc.freeze()  # the tests themselves stay until the end: nothing is won by searching them for garbage


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The cache of all tests, which the fixtures of modules use as well, and what makes git quick."""
    with pytest.MonkeyPatch.context() as patch:
        cache = tmp_path_factory.getbasetemp() / "cache"
        patch.setenv("DECKGEN_CACHE", str(cache))
        patch.setenv("GIT_TEMPLATE_DIR", "")
        patch.setenv("GIT_CONFIG_COUNT", str(len(_GIT)))
        for number, (name, value) in enumerate(_GIT.items()):
            patch.setenv(f"GIT_CONFIG_KEY_{number}", name)
            patch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
        yield cache


@pytest.fixture(autouse=True)
def _in_an_empty_folder(
    _cache: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Every test runs in a folder of its own, so that paths are short and nothing of the project is touched."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DECKGEN_ANKICONNECT", "http://127.0.0.1:9")  # no test opens a dialog in the developer's Anki
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "config"))
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    yield
    assert Path(os.getcwd()) == tmp_path
    shutil.rmtree(_cache, ignore_errors=True)  # each project that is new to a cache looks through those of all others
