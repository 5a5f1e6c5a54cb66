"""From the edits of a learner in Anki to the sources that say the same, each compiled before it is believed."""
