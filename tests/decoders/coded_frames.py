"""Coded frames of real satellites in tests/data: which framing each is of, and how it is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from decoders.symbols import Symbols, from_packed

DATA = Path(__file__).parents[1] / "data"


#: Stream of bits -> framing and its options.
STREAMS: dict[str, tuple[str, dict[str, Any]]] = {
    "aausat_4": ("aausat4", {}),
    "ao27": ("hdlc", {}),
    "ao40_ao73": ("ao40", {}),
    "ao40_qa": ("ao40", {}),
    "ao40_short_smog_p": ("ao40-short", {}),
    "astrocast_fx25": ("astrocast-fx25", {}),
    "ax100_asm_1kuns_pf": ("ax100-golay", {}),
    "ax100_asm_innosat_2": ("ax100-golay", {}),
    "ax100_asm_spooqy_1": ("ax100-golay", {}),
    "ax100_asm_ty_2": ("ax100-golay", {}),
    "ax100_asm_vzlusat2": ("ax100-golay", {}),
    "ax100_rs_gomx_3_0": ("ax100-rs", {}),
    "ax100_rs_tw_1c": ("ax100-rs", {}),
    "cc1101_pn9_sat_3cat_1": ("cc1101", {}),
    "ccsds_concat_by701": ("ccsds-concatenated", {"size": 114}),
    "ccsds_concat_trisat": ("ccsds-concatenated", {}),
    "ccsds_rs_astrocast_9k6": ("ccsds-rs", {"interleave": 5}),
    "entrysat": ("hdlc-g3ruh", {}),
    "geoscan_img": ("geoscan", {}),
    "geoscan_mult_0": ("geoscan", {}),
    "geoscan_mult_1": ("geoscan", {}),
    "irazu": ("hdlc-g3ruh", {}),
    "mobitex_amgu_1": ("mobitex", {}),
    "mobitex_nx_beesat_9": ("mobitex-nx", {}),
    "mobitex_nx_qa": ("mobitex-nx", {}),
    "ngham_floripasat_1": ("ngham", {}),
    "ops_sat": ("opssat", {}),
    "pwsat2": ("hdlc-g3ruh", {}),
    "quetzal1": ("hdlc-g3ruh", {}),
    "reaktor_hello_world": ("reaktor", {}),
    "sanosat1": ("sanosat", {}),
    "si4463_lucky_7": ("si446x", {}),
    "smog_ra_atl_1": ("smog-ra", {}),
    "smog_signalling": ("smog-signalling", {}),
    "snet_a": ("snet", {}),
    "sx126x_fossasat2": ("sx126x", {}),
    "tt64_at03": ("tt64", {}),
    "u482c_athenoxat_1": ("u482c", {}),
    "u482c_au02": ("u482c", {}),
    "u482c_au03": ("u482c", {}),
    "u482c_dsat": ("u482c", {}),
    "u482c_gomx_1": ("u482c", {}),
    "ua01": ("ua01", {}),
    "usp_orbicraft": ("usp", {}),
}


#: Only soft decisions decode these: real frames re-encoded, with white noise.
NOISY: dict[str, tuple[str, dict[str, Any]]] = {
    "awgn_ao40": ("ao40", {}),
    "awgn_ccsds_concat": ("ccsds-concatenated", {}),
}


#: Coded blocks -> framing and options, which may hang on the block.
BLOCKS: dict[str, tuple[str, dict[str, Any]]] = {
    "ao73": ("ao40", {}),
    "astrocast_9k6": ("ccsds-rs", {"interleave": 5}),
    "au02": ("u482c", {}),
    "by701": ("ccsds-rs", {"size": 114}),
    "ccsds_rs_tables": ("ccsds-rs", {"scrambler": "none"}),
    "dsat": ("u482c", {}),
    "fx25": ("fx25", {}),
    "galassia": ("u482c", {}),
    "gomx_1": ("u482c", {}),
    "gomx_3": ("ax100-rs", {}),
    "il2p": ("il2p", {}),
    "innosat_2": ("ax100-golay", {}),
    "ks_1q": ("ccsds-rs", {}),
    "lucky_7": ("si446x", {}),
    "ngham_pyngham": ("ngham", {}),
    "openlst": ("openlst", {}),
    "sat_3cat_1": ("cc1101", {}),
    "smog_ra": ("smog-ra", {}),
    "suomi_100": ("ax100-golay", {}),
    "trisat": ("ccsds-rs", {}),
    "usp_qa": ("usp", {}),
    "vzlusat2": ("ax100-golay", {}),
}


def load(kind: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / kind / f"{name}.json").read_text("utf-8"))
    return found


def stream_of(name: str) -> tuple[Symbols, list[dict[str, Any]]]:
    """Hard symbols, and the frames that must come out."""
    data = load("bits", name)
    symbols = from_packed(bytes.fromhex(data["bits_hex"]))[: data["nbits"]]
    frames = data.get("frames") or [{"decoded_hex": text} for text in data["frames_hex"]]
    return symbols, [frame for frame in frames if frame["decoded_hex"]]
