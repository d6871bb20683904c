"""Settings that name roles name roles that there are."""

from __future__ import annotations

import pytest

from accounts.checks import roles_exist
from accounts.session_limits import Limit, SessionLimits


def test_settings_that_name_roles_are_quiet(settings):
    settings.SECOND_FACTOR_FOR = ["administrator", "supervisor"]
    settings.SESSION_LIMITS = SessionLimits(Limit(60, {"clerk": 30}), Limit(0, {"auditor": 8}))
    assert roles_exist(None) == []


@pytest.mark.parametrize("name", ["SECOND_FACTOR_FOR", "IDLE_MINUTES_BY_ROLE", "SESSION_HOURS_BY_ROLE"])
def test_a_role_that_nobody_has_is_told(settings, name):
    wrong = {"clark": 30}
    settings.SECOND_FACTOR_FOR = list(wrong) if name == "SECOND_FACTOR_FOR" else []
    idle, hours = (wrong if name.startswith(part) else {} for part in ("IDLE", "SESSION"))
    settings.SESSION_LIMITS = SessionLimits(Limit(0, idle), Limit(0, hours))
    [found] = roles_exist(None)
    assert found.id == "accounts.E003"
    assert found.msg == f"{name} names “clark”, which is no role."
