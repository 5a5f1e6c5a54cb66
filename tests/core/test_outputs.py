"""Files that appear together."""

from __future__ import annotations

from time import process_time

import pytest

from deckgen.core.outputs import Outputs


@pytest.mark.slow
def test_the_last_of_many_files_costs_no_more_than_the_first(tmp_path):
    """A site has a file for each picture and sound."""
    seconds = []
    with Outputs(tmp_path) as outputs:
        for part in range(8):
            before = process_time()
            for number in range(500):
                outputs.data(tmp_path / f"{part}-{number}.mp3", b"ID3")
            seconds.append(process_time() - before)
        outputs.commit()

    assert min(seconds[-4:]) < 3 * min(seconds[:2])
