"""What a session is asked for by the plugin's settings, set up as it begins; wrong settings end it before any test."""

import pytest

from idpact.benching import target_of
from idpact.gathering import Gathering
from idpact.selecting import Selecting
from idpact.settings import setting

__all__ = ["configure"]


def configure(config: pytest.Config) -> None:
    """Register what adds and selects cases, and what gathers them.

    The packaged suite is added where the command line names the implementation, and where the configuration file does, in
    runs that name no paths: whoever runs one test of theirs wants no thousand more.

    Raises:
        pytest.UsageError: A setting is wrong.
    """
    whole = config.args_source is not pytest.Config.ArgsSource.ARGS
    packaged = bool(setting(config, "target") if whole else config.getoption("--idpact-target"))
    if packaged:
        with target_of(config):
            pass
    config.pluginmanager.register(Selecting(config, packaged=packaged), "idpact-selecting")
    report = setting(config, "report")
    if packaged or report:
        config.pluginmanager.register(Gathering(report), "idpact-gathering")
