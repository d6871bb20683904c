"""How the administrators' site looks: its name, its stylesheet and its accent colour."""

from django.templatetags.static import static

UNFOLD = {
    "SITE_TITLE": "Countersign",
    "SITE_HEADER": "Countersign",
    "SITE_SUBHEADER": "Administration",
    "SITE_SYMBOL": "fact_check",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/mark.svg")}],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "portal.dashboard.show",
    "STYLES": [lambda request: static("css/dashboard.css")],
    # The site's accent colour, from light to dark.
    "COLORS": {
        "primary": {
            "50": "oklch(98% .014 185)",
            "100": "oklch(95% .03 185)",
            "200": "oklch(90% .06 185)",
            "300": "oklch(84% .09 185)",
            "400": "oklch(75% .1 185)",
            "500": "oklch(62% .1 185)",
            "600": "oklch(48% .085 185)",
            "700": "oklch(42% .075 185)",
            "800": "oklch(36% .06 185)",
            "900": "oklch(31% .05 185)",
            "950": "oklch(22% .04 185)",
        }
    },
}
