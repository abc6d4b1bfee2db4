"""Model files come back as they were, and bad ones are refused in one sentence."""

import json
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from cell_events.engine.header import ModelFileError, ModelHeader, read_header
from cell_events.engine.model_file import load_model, network_digest, save_model
from cell_events.time_arrow.network import TimeArrowNetwork

ARGUMENTS = {"width": 4, "depth": 1, "features": 4}
HEADER = ModelHeader(
    kind="tap",
    architecture="time_arrow",
    arguments=ARGUMENTS,
    classes=("division", "death"),
    pixel_size_um=0.5,
    temperature=1.7,
    provenance={"movies": ["a µ movie"]},
)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    save_model(path, TimeArrowNetwork(**ARGUMENTS), HEADER)
    return path


def test_network_and_header_come_back(tmp_path: Path) -> None:
    network = TimeArrowNetwork(**ARGUMENTS).eval()
    pairs = torch.rand(2, 2, 1, 16, 16)
    header = save_model(tmp_path / "m.safetensors", network, HEADER)
    again, read = load_model(tmp_path / "m.safetensors")
    assert read == header
    assert replace(read, weights_digest="") == HEADER
    torch.testing.assert_close(again(pairs), network(pairs), rtol=0, atol=0)


def test_half_precision_files_are_smaller_and_close(saved: Path, tmp_path: Path) -> None:
    network, header = load_model(saved)
    save_model(tmp_path / "half.safetensors", network, header, dtype=torch.float16)
    again, _ = load_model(tmp_path / "half.safetensors")
    assert (tmp_path / "half.safetensors").stat().st_size < 0.75 * saved.stat().st_size
    pairs = torch.rand(1, 2, 1, 16, 16)
    torch.testing.assert_close(again(pairs), network(pairs), rtol=1e-2, atol=1e-2)


def test_equal_weights_have_equal_digests_and_others_do_not(saved: Path) -> None:
    first, _ = load_model(saved)
    second, _ = load_model(saved)
    assert network_digest(first) == network_digest(second)
    with torch.no_grad():
        next(second.parameters()).view(-1)[0] += 1
    assert network_digest(first) != network_digest(second)


def test_one_flipped_bit_in_the_weights_is_noticed(saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[-7] ^= 1
    saved.write_bytes(content)
    with pytest.raises(ModelFileError, match="do not match their digest"):
        load_model(saved)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused_with_their_name(
    saved: Path, tmp_path: Path, value: float
) -> None:
    network, header = load_model(saved)
    with torch.no_grad():
        network.projection[0].bias[1] = value
    save_model(tmp_path / "broken.safetensors", network, header)
    sentence = r"broken\.safetensors holds NaN .* in 'projection\.0\.bias' .* train it anew"
    with pytest.raises(ModelFileError, match=sentence):
        load_model(tmp_path / "broken.safetensors")


def test_a_truncated_file_is_refused(saved: Path) -> None:
    saved.write_bytes(saved.read_bytes()[:-100])
    with pytest.raises(ModelFileError, match="is damaged"):
        load_model(saved)


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"\x00" * 64, struct.pack("<Q", 2**40) + b"{}"]
)
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.safetensors"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"not a model file|is damaged"):
        read_header(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"There is no model file .*absent"):
        read_header(tmp_path / "absent.safetensors")


def test_a_newer_format_asks_for_an_update(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    save_model(path, TimeArrowNetwork(**ARGUMENTS), replace(HEADER, format_version=99))
    with pytest.raises(ModelFileError, match=r"format version 99.*update"):
        read_header(path)


def test_an_unknown_architecture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    save_model(path, TimeArrowNetwork(**ARGUMENTS), replace(HEADER, architecture="magic"))
    with pytest.raises(ModelFileError, match="Unknown architecture 'magic'"):
        load_model(path)


def test_the_header_is_readable_json(saved: Path) -> None:
    with saved.open("rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        entries = json.loads(file.read(length))
    header = json.loads(entries["__metadata__"]["cell_events"])
    assert header["classes"] == ["division", "death"]
    assert header["format_version"] == 1


def test_a_model_can_be_read_before_anything_else_is_imported() -> None:
    code = (
        "from cell_events.engine.model_file import load_model\n"
        "from cell_events.time_arrow import shipped_model\n"
        "network, header = load_model(shipped_model())\n"
        "print(type(network).__name__, header.kind)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["TimeArrowNetwork", "tap"]
