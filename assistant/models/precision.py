"""In which precision a processor computes fast."""

from __future__ import annotations


def is_bfloat16_native(device: str = "cpu") -> bool:
    """Whether the device computes in bfloat16 by itself. A CPU that must imitate it takes many times as long as for float32."""
    import torch

    return device != "cpu" or bool(torch.cpu._is_avx512_bf16_supported())
