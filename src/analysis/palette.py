"""The colours of every chart, by what they mean in all chapters; nothing but data.

A picture is drawn in stand-ins (`colouring`), and these are put in when somebody looks: an edit
here redraws no chart but those that shade the colour.
"""

PALETTE = {
    "today": "#4d4d4d",  # today, or without pooling
    "pooled": "#0072b2",  # pooled
    "claim": "#c8500a",  # a published claim or target (vermilion, darkened to 4.5:1 on white)
    "modelled": "#5598c4",  # the pooled hue, lighter: modelled or assumed
    "modelled_today": "#949494",  # the hue of today, lighter
    "muted_a": "#7d5ba6",  # comparison group: Tama cities
    "muted_b": "#477553",  # comparison group: designated cities
    "muted_c": "#8a6420",  # comparison group: special wards, where another group is under study
    "ink": "#1a1a1a",
    "quiet": "#5c5c5c",
    "grid": "#d9d9d9",
    "band": "#e8eef4",
    "cross_section": "#3f7399",  # the scale model of that name
    # platforms next to the first, which is `pooled`; a letter in the tile tells them apart
    "platform_b": "#f0c2a2",
    "platform_c": "#009e73",
    "platform_d": "#d9cbe6",
    "platform_e": "#56a3c9",
    "platform_f": "#e5d36b",
    # kinds of cost besides the rules, which are `pooled`
    "fixed": "#a6a6a6",
    "price": "#7fb3d5",
    "supplier_change": "#3f5f73",
    # regions of a map of numbers of platforms, next to `modelled`
    "one": "#f2f2f2",
    "two": "#dbe6ee",
    "many": "#bdbdbd",
    # ranks of an answer below the second, and a form that leads next to those of comparison
    "faint": "#c9d7e2",
    "faintest": "#ececec",
    "company": "#b9a3d0",
}
