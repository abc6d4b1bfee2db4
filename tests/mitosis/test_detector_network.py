"""The network of figure 6."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from cell_events.engine.header import ModelHeader
from cell_events.engine.model_file import build_network, load_model, network_digest, save_model
from cell_events.mitosis.network import ARCHITECTURE, FrozenFeatures, MitosisDetector, new_detector
from cell_events.mitosis.train_settings import MitosisTrainSettings
from cell_events.time_arrow.network import TimeArrowNetwork

SETTINGS = MitosisTrainSettings(4, seed=3)


@pytest.mark.parametrize("normalisation", ["none", "batch"])
@pytest.mark.parametrize(("channels", "convolutions"), [(1, 0), (3, 0), (2, 3)])
def test_there_is_a_score_for_every_place_of_every_frame(
    normalisation, channels: int, convolutions: int
) -> None:
    network = MitosisDetector(channels, normalisation=normalisation, convolutions=convolutions)
    assert network(torch.rand(2, 5, channels, 9, 7)).shape == (2, 5, 9, 7)
    assert network(torch.rand(1, 1, channels, 4, 4)).shape == (1, 1, 4, 4)


def test_the_paper_s_network_has_a_known_number_of_weights() -> None:
    directions = 2 * (4 * 16 * 17 * 9 + 4 * 16)
    convolutions = 16 * 32 * 9 + 16 + 16 + 1
    assert sum(p.numel() for p in MitosisDetector().parameters()) == directions + convolutions


def test_each_frame_is_seen_in_the_light_of_earlier_and_later_ones() -> None:
    torch.manual_seed(0)
    network = MitosisDetector().eval()
    x = torch.rand(1, 5, 1, 6, 6)
    changed = x.clone()
    changed[0, 4] += 1
    assert not torch.equal(network(x)[0, 0], network(changed)[0, 0])
    changed = x.clone()
    changed[0, 0] += 1
    assert not torch.equal(network(x)[0, 4], network(changed)[0, 4])


def test_weights_depend_on_the_seed_alone_and_biases_are_zero() -> None:
    first = new_detector(1, SETTINGS)
    torch.rand(5)
    assert network_digest(first) == network_digest(new_detector(1, SETTINGS))
    assert network_digest(first) != network_digest(new_detector(1, replace(SETTINGS, seed=4)))
    assert all(not p.any() for name, p in first.named_parameters() if name.endswith("bias"))


def test_a_network_is_rebuilt_from_its_arguments() -> None:
    network = MitosisDetector(2, 8, 0.1, "batch", 2)
    again = build_network("mitosis_detector", network.arguments)
    again.load_state_dict(network.state_dict())
    assert network_digest(again) == network_digest(network)
    with pytest.raises(ValueError, match="normalisation must be one of none, batch; got"):
        MitosisDetector(normalisation="layer")  # type: ignore[arg-type]


def test_a_detector_keeps_the_network_whose_maps_it_reads(tmp_path: Path) -> None:
    network = TimeArrowNetwork(width=8, features=8)
    given = FrozenFeatures(network, "time_arrow", {"width": 8, "features": 8})
    detector = new_detector(8, SETTINGS, given)
    assert detector.features is not None
    assert network_digest(detector.features) == network_digest(network)
    assert not any(p.requires_grad for p in detector.features.parameters())
    header = ModelHeader("mitosis", ARCHITECTURE, detector.arguments)
    save_model(tmp_path / "detector.safetensors", detector, header)
    again, _ = load_model(tmp_path / "detector.safetensors")
    assert network_digest(again) == network_digest(detector)
    x = torch.rand(1, 4, 8, 9, 10)
    torch.testing.assert_close(again(x), detector.eval()(x))
