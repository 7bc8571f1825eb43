"""What a field says in prose: in lines where it lists, once, and without the label of a phase."""

from __future__ import annotations

from tests.stages.data_structurer.test_own_answers import answer, flaw


def test_a_list_stands_in_lines_behind_prose() -> None:
    """A mark of a list in the midst of a line is read as a minus."""
    steps = "- Close the port 7 at night.\n- Move the file to a mast."
    told = answer({**flaw("x"), "solution": ["Update to 2.2.", steps]}, "vulnerability_response")
    assert told == f"Update to 2.2.\n{steps}"


def test_advice_for_several_phases_is_told_once() -> None:
    said = [
        "Pre-design: Choose a rope which no gull can cut with its beak.",
        "Ensure that the design does not allow loose ropes in modes meant for normal sailing.",
        "Do not allow loose ropes in modes which are meant for normal sailing.",
    ]
    cell = "".join(f"::PHASE:Build:DESCRIPTION:{one}" for one in said)
    record = {"id": "CWE-1999", "name": "Loose Rope", "potential_mitigations": f"{cell}::"}
    told = answer(record, "weakness_prevention")
    assert told == f"{said[0].removeprefix('Pre-design: ')} {said[1]}"
