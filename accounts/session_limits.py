"""How long a session lasts: without anything being done, and altogether."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from environs import Env


@dataclass(frozen=True, slots=True)
class Limit:
    """A number for everybody, and other ones for roles. 0 is no limit.

    Attributes:
        usual: It holds for roles without a number of their own, and for people without a role.
        by_role: By the role's name.
    """

    usual: int
    by_role: Mapping[str, int]

    def of(self, roles: Iterable[str]) -> int:
        """The number for a person: the least of their roles'."""
        numbers = [self.by_role.get(role, self.usual) for role in roles] or [self.usual]
        return min(filter(None, numbers), default=0)

    @property
    def least(self) -> int:
        """The least number that holds for anybody; 0 where nobody has a limit."""
        return min(filter(None, [self.usual, *self.by_role.values()]), default=0)


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How many minutes without anything being done end a session, and how many hours at the latest."""

    idle_minutes: Limit
    hours: Limit

    def __bool__(self) -> bool:
        return bool(self.idle_minutes.least or self.hours.least)


def session_limits_from(env: Env) -> SessionLimits:
    """The limits of the environment: `IDLE_MINUTES=30`, `IDLE_MINUTES_BY_ROLE=clerk=15,auditor=0`."""
    return SessionLimits(_limit(env, "IDLE_MINUTES"), _limit(env, "SESSION_HOURS"))


def _limit(env: Env, name: str) -> Limit:
    return Limit(env.int(name, 0), env.dict(f"{name}_BY_ROLE", {}, subcast_values=int))
