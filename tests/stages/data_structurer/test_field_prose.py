"""What a field says in prose: in lines where it lists, once, and without the label of a phase."""

from __future__ import annotations

from tests.stages.data_structurer.own_answers_help import answer, flaw


def test_a_list_stands_in_lines_behind_prose() -> None:
    """A mark of a list in the midst of a line is read as a minus."""
    steps = "- Close the port 7 at night.\n- Move the file to a mast."
    told = answer({**flaw("x"), "solution": ["Update to 2.2.", steps]}, "vulnerability_response")
    assert told == f"Update to 2.2.\n{steps}"


def test_no_full_stop_sticks_to_a_command_of_plain_words() -> None:
    """Whoever copies the line stops a service that there isn't."""
    measures = ["run net stop gullpump", "Close the port 7 at night."]
    told = answer({**flaw("x"), "workarounds": measures}, "vulnerability_response")
    assert told == "run net stop gullpump\nAs a workaround, close the port 7 at night."


def test_a_statement_at_the_end_of_a_workaround_keeps_its_mark() -> None:
    """A statement without its end is not run, and one with a full stop is wrong."""
    step = "Find names that hold a line break: SELECT name FROM gulls WHERE name ~ E'\\n';"
    told = answer({**flaw("x"), "workarounds": [step]}, "vulnerability_response")
    assert told == f"As a workaround: {step}"


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


def _weakness(*measures: str) -> str | None:
    cell = "".join(f"::PHASE:Build:DESCRIPTION:{one}" for one in measures)
    record = {"id": "CWE-9901", "name": "Loose Rope", "description": "The product lends ropes."}
    return answer({**record, "potential_mitigations": f"{cell}::"}, "weakness_prevention")


def test_all_measures_are_told_a_line_each_and_whole() -> None:
    """Whoever reads two of four measures takes the flaw for mended."""
    said = [
        "Check each rope before it is used. Throw away a rope that is worn. Keep a list of them.",
        "Store the ropes in a dry room.",
        "Test the knots with a weight. Use a new weight for each of the tests.",
        "Restrict who may cut a rope.",
    ]
    assert _weakness(*said) == "\n".join(f"- {one}" for one in said)


def test_no_measure_is_left_out_for_the_last_sentences_of_another() -> None:
    long = " ".join(
        f"Check the rope number {number} of the old harbour first." for number in range(60)
    )
    told = _weakness(long, "Store the ropes in a dry room.", "Restrict who may cut a rope.")
    assert told is not None and len(told) < 2_500
    lines = told.split("\n")
    assert lines[1:] == ["- Store the ropes in a dry room.", "- Restrict who may cut a rope."]
    assert lines[0].startswith("- Check the rope number 0 of the old harbour first. Check the rope")


def test_what_leans_on_a_measure_that_is_left_out_is_left_out_as_well() -> None:
    said = "Check each rope before it is used. See the list of ropes. It is kept by the guard."
    assert _weakness(said, "Store the ropes in a dry room, away from gulls.") == (
        "Check each rope before it is used. Store the ropes in a dry room, away from gulls."
    )


def test_all_sentences_on_detection_are_told() -> None:
    signs = [
        "Detects a rope that is cut at night. Correlates it with a ship that left. Relies on the"
        " lamps of ships. Flags gulls as well.",
        "Detects oil on the water.",
    ]
    record = {"external_id": "T9999", "name": "Cutting", "detection": signs,
              "tactics": ["impact"], "description": "Adversaries may cut ropes."}  # fmt: skip
    assert answer(record, "technique_detection") == (
        "Detection of T9999 looks for a rope that is cut at night. It correlates it with a ship"
        " that left. It relies on the lamps of ships. It flags gulls as well. It also looks for oil"
        " on the water."
    )


def test_advice_with_a_command_is_told_once_and_in_its_order() -> None:
    """What a step brings back stood ahead of the step, since the filter joins lines."""
    behind = "Guests can not ring then. The bit comes again with each update."
    steps = f"Take the bit from the helper:\n\n# chmod u-s /usr/bin/ring\n\n{behind}"
    values = [" ".join(steps.split()), steps]
    told = answer(
        {**flaw("x"), "mitigations": ["Update Lark to 2.2.", *values]}, "vulnerability_response"
    )
    assert told == f"Update Lark to 2.2.\n{steps}"


def test_that_customers_have_nothing_to_do_is_told() -> None:
    said = "No customer action is required. The fix was rolled out to all harbours on 2 May."
    assert answer({**flaw("x"), "solution": [said]}, "vulnerability_response") == said


def test_a_list_that_the_filter_has_joined_keeps_its_lines() -> None:
    """A row of remedies ran into the next one; the first row, "nothing to do", hid them all."""
    rows = "- Rope 4, all: No action needed.\n- Rope 3, before 3.2: Update to rope 3.2 or later."
    record = {**flaw("x"), "solution": [rows], "mitigations": [" ".join(rows.split())]}
    assert answer(record, "vulnerability_response") == rows


def test_a_measure_is_told_with_what_it_concedes() -> None:
    """Nobody knows else for which case it is."""
    said = "While it is risky to sail with a wet rope, sometimes it may be unavoidable."
    told = f"{said} Dry the rope in the sun."
    assert _weakness(told) == told


def test_what_only_lessens_a_flaw_is_told_behind_the_denial_of_a_remedy() -> None:
    """Whoever reads it alone takes it for a way round, and a repair of another flaw for its own."""
    told = "There is no known mitigation. Ringing at noon shortens the night but does not end it."
    text = "Lark lets guests ring. This is not the flaw that was fixed in 2.1."
    record = {**flaw(text), "mitigations": [told]}
    assert answer(record, "vulnerability_response") == told
