"""The pages of targets."""

from coverage.targets.views.allocating import AllocateTarget
from coverage.targets.views.listing import TargetList
from coverage.targets.views.setting import SetTarget, WithdrawTarget

__all__ = ["AllocateTarget", "SetTarget", "TargetList", "WithdrawTarget"]
