"""What a study declares of a parameter: its type, unit, bounds, one sentence, and the evidence its
bounds rest on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from numbers import Integral
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic_core import PydanticCustomError

from workbook.ranges import SECTION
from workbook.study import study


class Rule(NamedTuple):
    """A rule between parameters of one section; ``message`` says of the first what is wrong when it
    does not hold.
    """

    names: tuple[str, ...]
    holds: Callable[..., bool]
    message: str
    remedy: str

    def broken(self, values: Mapping[str, Any]) -> bool:
        """Say whether values by name break the rule; they are valid one by one."""
        return not self.holds(*(values[name] for name in self.names))


REFUSED = "refused"
MONTH = r"^(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?$"  # a month, or a year that stands for its December


class Section(BaseModel):
    """The parameters of one notebook, or of the whole study: flat, strict, never changed once
    read.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)
    rules: ClassVar[tuple[Rule, ...]] = ()

    @model_validator(mode="after")
    def _keep_rules(self) -> Self:
        broken = [rule for rule in self.rules if rule.broken(dict(self))]
        if broken:
            raise PydanticCustomError(
                "rules",
                "{broken}",
                {"broken": "; ".join(f"{r.names[0]} {r.message}" for r in broken)},
            )
        return self


def parameter(unit: str, sentence: str, evidence: str, **bounds: Any) -> Any:
    """Return the declaration of one parameter, which has no default: ``params.yaml`` alone holds
    values.
    """
    return Field(
        description=sentence, json_schema_extra={"unit": unit, "evidence": evidence}, **bounds
    )


def refused(said: str, remedy: str) -> PydanticCustomError:
    """Return the error that a study's own validator raises: what the value says, and what helps."""
    return PydanticCustomError(REFUSED, "{said}", {"said": said, "remedy": remedy})


def whole_number(value: Any) -> Any:
    """Return 5 for 5.0 and for NumPy's 5, which are the same number; anything else as it came."""
    if isinstance(value, bool):
        return value
    whole = isinstance(value, Integral) or (isinstance(value, float) and value.is_integer())
    return int(value) if whole else value


def month_text(value: Any) -> Any:
    """Return the year 2022 and a date as the texts that stand for them; anything else as it
    came.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return day_text(value)


def day_text(value: Any) -> Any:
    """Return a date as YYYY-MM-DD, which YAML 1.1 makes of those very characters; anything else as
    it came.
    """
    return value.isoformat() if isinstance(value, date) else value


Whole = Annotated[int, BeforeValidator(whole_number)]
Month = Annotated[
    str,
    BeforeValidator(month_text),
    StringConstraints(pattern=MONTH),
    WithJsonSchema(
        {"type": ["string", "integer"], "pattern": MONTH, "minimum": 1900, "maximum": 2099}
    ),
]


SetInputs = dict[str, float | Literal["low", "central", "high"]]


class Parameters(Section):
    """All choices of one run: ``study``, which every chapter sees, one section a chapter, and the
    ``inputs`` that are set: each at a value, or at an end of its range.
    """

    inputs: SetInputs = Field({}, description="uncertain inputs held at a value for a run")

    if TYPE_CHECKING:  # its sections are the chapters', which the workbook does not know

        def __getattr__(self, name: str) -> Any: ...

    def section_for(self, stem: str) -> Section:
        """Return the section of a notebook stem; a stem without one is refused with the stems there
        are.
        """
        require_section(stem)
        return getattr(self, stem)

    def flat(self, stem: str) -> dict[str, Any]:
        """Return what one notebook may know, flat by name: the choices of the study, its own, and
        those of the set inputs that it takes.
        """
        own = {**self.study.model_dump(), **self.section_for(stem).model_dump()}
        return own | self.set_inputs(stem)

    def set_inputs(self, stem: str) -> dict[str, dict[str, float | str]]:
        """Return the set inputs that a notebook takes, by the name that it knows them by; nothing
        where it takes none.
        """
        for step in study().steps:
            if step.stem == stem and study().ranges.taken_by(step):
                return {SECTION: study().ranges.taken(step, self.inputs)}
        return {}

    def by_key(self) -> dict[str, Any]:
        """Return every choice by its dotted key, in the order of the sections."""
        return {
            f"{section}.{name}": value
            for section, names in self.model_dump().items()
            for name, value in names.items()
        }


def declared_sections() -> dict[str, type[Section]]:
    """Return the sections that the study declares, by name: ``study`` first, then the chapters'."""
    return study().sections


def declared_keys() -> tuple[str, ...]:
    """Return the dotted key of every parameter, in the order of the sections."""
    return tuple(
        f"{name}.{key}" for name, model in declared_sections().items() for key in model.model_fields
    )


def parameters_model() -> type[Parameters]:
    """Return the model of all choices of one run, put together from the sections that the study
    declares.
    """
    return _model_of(tuple(declared_sections().items()))


@cache
def _model_of(sections: tuple[tuple[str, type[Section]], ...]) -> type[Parameters]:
    fields: dict[str, Any] = {name: (section, ...) for name, section in sections}
    return create_model("Parameters", __base__=Parameters, __doc__=Parameters.__doc__, **fields)


def require_section(stem: str) -> None:
    """Refuse a notebook stem without a section, with the stems there are."""
    if stem not in declared_sections():
        raise KeyError(
            f"no section {stem!r} in the parameters; there are: {', '.join(declared_sections())}"
        )


def number_text(number: float) -> str:
    """Return a bound as one would write it in the file.

    >>> number_text(0.95), number_text(23), number_text(1e10), number_text(2022.25)
    ('0.95', '23', '1e10', '2022.25')
    """
    return f"{number:g}".replace("e+", "e")


def choices(key: str) -> tuple[str, ...]:
    """Return the texts a parameter may be, or nothing where it is a number or a yes/no.

    >>> choices("study.prior_shape"), choices("study.correlation")
    (('triangular', 'uniform'), ())
    """
    schema = _schema(key)
    named = next((kind for kind in schema.get("anyOf", ()) if "enum" in kind), schema)
    return tuple(named.get("enum", [named["const"]] if "const" in named else []))


def allowed(key: str) -> str:
    """Return what the parameter with this dotted key may be, with its unit.

    >>> (
    ...     allowed("study.correlation"),
    ...     allowed("study.prior_shape"),
    ...     allowed("consolidation.core_instances"),
    ... )
    ('share, 0 to 0.95', 'triangular | uniform', 'instance, 1 to 23')
    """
    schema, texts = _schema(key), choices(key)
    if any(kind.get("type") == "array" for kind in schema.get("anyOf", ())):
        texts = (*texts, "[codes]")
    if texts:
        return (
            " | ".join(texts)
            if schema["unit"] == "text"
            else f"{schema['unit']}, {texts[0]} to {texts[-1]}"
        )
    if schema.get("type") == "boolean":
        return "true | false"
    kind = schema if "type" in schema else schema["anyOf"][0]
    span = (
        "YYYY-MM or YYYY"
        if "pattern" in kind
        else f"{number_text(kind['minimum'])} to {number_text(kind['maximum'])}"
    )
    return f"{schema['unit']}, {span}" + (" or null" if "anyOf" in schema else "")


def _schema(key: str) -> dict[str, Any]:
    section, name = key.split(".")
    return _properties(declared_sections()[section])[name]


@cache
def _properties(section: type[Section]) -> dict[str, Any]:
    return section.model_json_schema()["properties"]
