"""Vendors' documents and issuers as presets: data in `vendors`, one TOML file each, and what makes issuers of it.

Nothing here was fetched from a vendor by this project. Each form has a mark and a grade that say how far it can be trusted,
and names the members that no source shows.
"""

from idpact_mock.presets.catalogue import NO_PRESET, PRESETS, preset_of
from idpact_mock.presets.model import Preset

__all__ = ["NO_PRESET", "PRESETS", "Preset", "preset_of"]
