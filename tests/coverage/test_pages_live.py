"""An open page asks every few seconds; the answer is cheap until something was counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from activities.actions import log_session
from jiaozuo_grid.lasting import today
from tests.builders import CITY, COUNTY, HOBBY_GRID, OTHER_COUNTY, TOWNSHIP, user
from tests.coverage.counting import count_everything, fold_waiting
from tests.coverage.living_city import living_city, measures_shown, text_of
