"""The page of a calibration."""

from cell_events.trust.calibration_page import page_html


def step(promised, ece=0.1, population="as in the movie"):
    figures = {
        "ECE": {"value": ece, "low": 0.05, "high": 0.2},
        "promised per event death": {"value": promised, "low": None, "high": None},
    }
    return {"meaning": "a < b", "population": population, "crops": 9, "figures": figures}


def values(**more):
    return {
        "model": "deaths.safetensors",
        "temperature": 1.5,
        "shift": [0.0, -2.0],
        "step": "temperature and bias",
        "counts": {"nothing": 70, "death": 20},
        "blocks": 5,
        "population": "as in the movie",
        "steps": [step(9.0, population="drawn evenly"), step(3.5), step(1.0)],
        **more,
    }


def test_the_page_begins_with_what_the_scores_and_the_probabilities_promise():
    page = page_html(values())
    assert "For each death that is there, the scores promised 3.5;" in page
    assert "the probabilities promise <b>1</b>." in page


def test_the_page_says_what_is_done_to_the_outputs_of_the_network():
    page = page_html(values())
    assert "divided by the temperature <b>1.5</b>, and -2 is added to that of death." in page
    assert "The network was too sure of itself." in page
    alone = page_html(values(shift=[0.0, 0.0], temperature=0.5))
    assert "divided by the temperature <b>0.5</b>. The network was not sure enough." in alone


def test_figures_have_their_intervals_below_and_names_are_written_as_they_are():
    page = page_html(values())
    assert "0.1<br><small>0.05 to 0.2</small>" in page
    assert "a &lt; b" in page
    assert "<td>3.5</td>" in page
