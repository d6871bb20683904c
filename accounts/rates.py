"""How often something may be tried or asked for."""

from __future__ import annotations

from environs import Env


def rates_from(env: Env) -> dict[str, str]:
    """The rate of each action, in allauth's form: how many, in which time, of what.

    Rates are counted by network address (ip; of IPv6 the first 64 bits), by e-mail address (key) or by person (user).
    """
    return {
        # Readings on the pad and of the sample. On the pad, people who have signed in are counted by person.
        "pad": env.str("PAD_RATE", "240/m/ip"),
        "pad_member": env.str("PAD_MEMBER_RATE", "600/m/user"),
        "sample": env.str("SAMPLE_RATE", "20/m/ip"),
        "sample_member": env.str("SAMPLE_RATE", "20/m/ip"),
        "login": env.str("LOGIN_RATE", "30/m/ip"),
        # Here the key is the e-mail address together with the network address, so that nobody keeps another person out.
        # Several rates on one key hold back longer each time.
        # Wrong codes of second factors count here too, by person. allauth forgets all of this after a right one, so
        # what is counted by network stands apart.
        "login_failed": "5/5m/key,10/h/key,20/d/key",
        "login_failed_here": "10/m/ip,100/h/ip",
        # Wrong passwords for an e-mail address, wherever they come from.
        "login_failed_anywhere": "60/h/key,200/d/key",
        "signup": "20/m/ip",
        "confirm_email": "1/10s/key,10/h/key",
        # Guesses of one code, which is the key.
        "guess_code": "3/15m/key",
        "reset_password": "20/m/ip,5/m/key,20/h/key",
        "reauthenticate": "10/m/user",
        "change_password": "5/m/user",
    }
