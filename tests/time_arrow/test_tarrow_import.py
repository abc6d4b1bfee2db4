"""Models in tarrow's file format give the features that their weights mean."""

from pathlib import Path

import pytest
import torch
import yaml
from torch import Tensor
from torch.nn import functional

from cell_events.engine.header import ModelFileError
from cell_events.time_arrow.tarrow_import import import_tarrow

State = dict[str, Tensor]


class TarrowState:
    """Random weights under the names that tarrow's modules give them."""

    def __init__(self, width: int, features: int, symmetric: bool = True) -> None:
        self.generator = torch.Generator().manual_seed(0)
        self.state: State = {}
        self._add_backbone(width)
        self._add_weights("projection_head.layers.0", features, width, 1, 1)
        self._add_norm("projection_head.layers.1", features)
        if symmetric:
            self._add_head(features)

    def _draw(self, *shape: int) -> Tensor:
        return torch.randn(*shape, generator=self.generator) / max(1, shape[-1] * 3)

    def _add_weights(self, name: str, *shape: int) -> None:
        self.state[f"{name}.weight"] = self._draw(*shape)
        self.state[f"{name}.bias"] = self._draw(shape[0])

    def _add_norm(self, name: str, channels: int) -> None:
        self.state[f"{name}.weight"] = 1 + self._draw(channels)
        self.state[f"{name}.bias"] = self._draw(channels)
        self.state[f"{name}.running_mean"] = self._draw(channels)
        self.state[f"{name}.running_var"] = 1 + self._draw(channels).abs()
        self.state[f"{name}.num_batches_tracked"] = torch.tensor(3)

    def _add_block(self, name: str, channels_in: int, channels_out: int) -> None:
        for index, channels in ((0, channels_in), (3, channels_out)):
            self._add_weights(f"{name}.conv_block.{index}", channels_out, channels, 3, 3)
            self._add_norm(f"{name}.conv_block.{index + 1}", channels_out)

    def _add_backbone(self, width: int) -> None:
        for level in range(4):
            channels_in = 1 if level == 0 else width * 2 ** (level - 1)
            self._add_block(f"backbone.l_conv.{level}", channels_in, width * 2**level)
        for level in range(3):
            self._add_block(f"backbone.r_conv.{level}", width * 2**level * 3, width * 2**level)
        self._add_weights("backbone.head", width, width, 1, 1)

    def _add_head(self, features: int) -> None:
        for index in range(2):
            for role in "LG":
                name = f"classification_head.layers.{index}.layers.0.{role}"
                self._add_weights(name, features, features)
            self._add_norm(f"classification_head.layers.{index}.layers.0.norm", features)
        for role in "LG":
            self._add_weights(f"classification_head.head.1.layers.0.{role}", 1, features)


def tarrow_state(width: int, features: int, symmetric: bool = True) -> State:
    return TarrowState(width, features, symmetric).state


def reference_features(state: State, x: Tensor) -> Tensor:
    """The same network written as formulas over the named weights."""

    def norm(name: str, y: Tensor) -> Tensor:
        return functional.batch_norm(
            y,
            state[f"{name}.running_mean"],
            state[f"{name}.running_var"],
            state[f"{name}.weight"],
            state[f"{name}.bias"],
        )

    def block(name: str, y: Tensor) -> Tensor:
        for index in (0, 3):
            y = functional.pad(y, (1, 1, 1, 1), mode="replicate")
            layer = f"{name}.conv_block.{index}"
            y = functional.conv2d(y, state[f"{layer}.weight"], state[f"{layer}.bias"])
            y = functional.leaky_relu(norm(f"{name}.conv_block.{index + 1}", y))
        return y

    levels = [block("backbone.l_conv.0", x)]
    for level in range(1, 4):
        pooled = functional.max_pool2d(levels[-1], 2)
        levels.append(block(f"backbone.l_conv.{level}", pooled))
    y = levels[3]
    for level in (2, 1, 0):
        upsampled = y.repeat_interleave(2, -1).repeat_interleave(2, -2)
        y = block(f"backbone.r_conv.{level}", torch.cat([levels[level], upsampled], 1))
    y = functional.conv2d(y, state["backbone.head.weight"], state["backbone.head.bias"])
    projection = "projection_head.layers"
    y = functional.conv2d(y, state[f"{projection}.0.weight"], state[f"{projection}.0.bias"])
    return norm(f"{projection}.1", y)


def reference_logits(state: State, z: Tensor) -> Tensor:
    """Deep sets over the two frames' features (B, 2, C, Y, X), channels last."""
    z = z.permute(0, 3, 4, 1, 2)
    for index in range(2):
        name = f"classification_head.layers.{index}.layers.0"
        own = z @ state[f"{name}.L.weight"].T + state[f"{name}.L.bias"]
        shared = z @ state[f"{name}.G.weight"].T + state[f"{name}.G.bias"]
        z = own + shared.mean(-2, keepdim=True)
        norm = f"{name}.norm"
        z = (z - state[f"{norm}.running_mean"]) / (state[f"{norm}.running_var"] + 1e-5).sqrt()
        z = functional.leaky_relu(z * state[f"{norm}.weight"] + state[f"{norm}.bias"])
    z = z.mean((1, 2))
    name = "classification_head.head.1.layers.0"
    own = z @ state[f"{name}.L.weight"].T + state[f"{name}.L.bias"]
    shared = z @ state[f"{name}.G.weight"].T + state[f"{name}.G.bias"]
    return (own + shared.mean(-2, keepdim=True))[..., 0]


def write_folder(folder: Path, state: State, **changes: object) -> Path:
    options = {
        "backbone": "unet_16fmaps",
        "projection_head": "minimal_batchnorm",
        "classification_head": "minimal",
        "n_frames": 2,
        "n_features": 6,
        "n_input_channels": 1,
        "symmetric": True,
        "outdir": "None",
        "commit": "0",
    } | changes
    folder.mkdir(exist_ok=True)
    (folder / "model_kwargs.yaml").write_text(yaml.dump(options))
    torch.save(state, folder / "model_state.pt")
    return folder


def test_features_and_logits_are_those_of_the_weights(tmp_path: Path) -> None:
    state = tarrow_state(16, 6)
    network, header = import_tarrow(write_folder(tmp_path / "model", state))
    pairs = torch.rand(2, 2, 1, 40, 48)
    with torch.no_grad():
        expected = reference_features(state, pairs.flatten(0, 1))
        torch.testing.assert_close(
            network.features(pairs.flatten(0, 1)), expected, rtol=1e-4, atol=1e-4
        )
        logits = reference_logits(state, expected.unflatten(0, (2, 2)))
        torch.testing.assert_close(network(pairs), logits, rtol=1e-4, atol=1e-4)
    assert header.provenance["head"] == "imported"


def test_another_head_is_replaced_and_the_provenance_says_so(tmp_path: Path) -> None:
    state = tarrow_state(16, 6, symmetric=False)
    network, header = import_tarrow(write_folder(tmp_path / "model", state, symmetric=False))
    x = torch.rand(1, 1, 16, 16)
    with torch.no_grad():
        torch.testing.assert_close(
            network.features(x), reference_features(state, x), rtol=1e-4, atol=1e-4
        )
    assert header.provenance["head"] == "fresh"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"backbone": "resnet18"}, "'resnet18'; only unet and unet_16fmaps can be imported"),
        ({"projection_head": "linear"}, "'minimal_batchnorm' can be imported"),
        ({"n_features": 7}, "do not fit tarrow's 'unet_16fmaps'"),
    ],
)
def test_other_networks_are_refused(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    folder = write_folder(tmp_path / "model", tarrow_state(16, 6), **changes)
    with pytest.raises(ModelFileError, match=message):
        import_tarrow(folder)


def test_a_file_that_would_run_code_is_not_opened(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", {})
    torch.save({"weights": Path("whatever")}, folder / "model_state.pt")
    with pytest.raises(ModelFileError, match="cannot be read as weights alone"):
        import_tarrow(folder)


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"is not a tarrow model: it has no model_kwargs.yaml"):
        import_tarrow(tmp_path)
